extension DetectionFixture {
    static let travis: [DetectionFixture] = FixtureBook.read(
        #"""
        CI=true
        TRAVIS=true
        TRAVIS_COMMIT={head}
        TRAVIS_BRANCH=main
        TRAVIS_PULL_REQUEST=false
        TRAVIS_PULL_REQUEST_BRANCH=
        TRAVIS_PULL_REQUEST_SHA=
        TRAVIS_PULL_REQUEST_SLUG=
        TRAVIS_TAG=
        TRAVIS_REPO_SLUG=o/r
        TRAVIS_BUILD_ID=700
        TRAVIS_BUILD_NUMBER=4
        TRAVIS_BUILD_WEB_URL=https://app.travis-ci.com/github/o/r/builds/700
        TRAVIS_JOB_ID=701
        TRAVIS_JOB_NUMBER=4.1
        TRAVIS_JOB_WEB_URL=https://app.travis-ci.com/github/o/r/jobs/701
        > service travis-ci < TRAVIS
        > commit.sha {head} < TRAVIS_COMMIT
        > branch main < TRAVIS_BRANCH
        > repository.slug o/r < TRAVIS_REPO_SLUG
        > repository.forge github < TRAVIS_BUILD_WEB_URL
        > repository.host github.com < TRAVIS_BUILD_WEB_URL
        > run.id 700 < TRAVIS_BUILD_ID
        > run.number 4 < TRAVIS_BUILD_NUMBER
        > run.url https://app.travis-ci.com/github/o/r/builds/700 < TRAVIS_BUILD_WEB_URL
        > job.id 701 < TRAVIS_JOB_ID
        > job.name 4.1 < TRAVIS_JOB_NUMBER
        > job.url https://app.travis-ci.com/github/o/r/jobs/701 < TRAVIS_JOB_WEB_URL

        ## Travis: a branch; "false" is no pull request
        ## Travis: a branch with slashes
        TRAVIS_BRANCH=feature/a
        > branch feature/a < TRAVIS_BRANCH
        ## Travis: a job with a name
        TRAVIS_JOB_NAME=unit tests
        > job.name unit tests < TRAVIS_JOB_NAME
        ## Travis: a job by hand, without the variables of pull requests
        -TRAVIS_PULL_REQUEST
        -TRAVIS_PULL_REQUEST_BRANCH
        -TRAVIS_PULL_REQUEST_SHA
        -TRAVIS_PULL_REQUEST_SLUG
        -TRAVIS_TAG
        TRAVIS_EVENT_TYPE=api
        ## Travis: a schedule
        TRAVIS_EVENT_TYPE=cron
        ## Travis: a tag is no branch, though it is called one
        TRAVIS_TAG=v1
        TRAVIS_BRANCH=v1
        > -branch
        > tag v1 < TRAVIS_TAG
        ## Travis: a tag with slashes
        TRAVIS_TAG=release/v1
        TRAVIS_BRANCH=release/v1
        > -branch
        > tag release/v1 < TRAVIS_TAG
        ## Travis: a pull request; TRAVIS_BRANCH is its target, TRAVIS_COMMIT the merge
        TRAVIS_COMMIT={merge}
        TRAVIS_PULL_REQUEST=13
        TRAVIS_PULL_REQUEST_BRANCH=fix
        TRAVIS_PULL_REQUEST_SHA={head}
        TRAVIS_PULL_REQUEST_SLUG=o/r
        > commit.sha {head} < TRAVIS_PULL_REQUEST_SHA
        > commit.mergeSHA {merge} < TRAVIS_COMMIT
        > branch fix < TRAVIS_PULL_REQUEST_BRANCH
        > pullRequest.number 13 < TRAVIS_PULL_REQUEST
        > pullRequest.target main < TRAVIS_BRANCH
        > pullRequest.fork no < TRAVIS_PULL_REQUEST_SLUG
        ## Travis: a pull request of a fork
        TRAVIS_COMMIT={merge}
        TRAVIS_PULL_REQUEST=12
        TRAVIS_PULL_REQUEST_BRANCH=fix
        TRAVIS_PULL_REQUEST_SHA={head}
        TRAVIS_PULL_REQUEST_SLUG=stranger/r
        > commit.sha {head} < TRAVIS_PULL_REQUEST_SHA
        > commit.mergeSHA {merge} < TRAVIS_COMMIT
        > branch fix < TRAVIS_PULL_REQUEST_BRANCH
        > pullRequest.number 12 < TRAVIS_PULL_REQUEST
        > pullRequest.target main < TRAVIS_BRANCH
        > pullRequest.fork yes < TRAVIS_PULL_REQUEST_SLUG
        ## Travis: a pull request to a release branch
        TRAVIS_BRANCH=release/2
        TRAVIS_COMMIT={merge}
        TRAVIS_PULL_REQUEST=13
        TRAVIS_PULL_REQUEST_BRANCH=fix
        TRAVIS_PULL_REQUEST_SHA={head}
        TRAVIS_PULL_REQUEST_SLUG=o/r
        > commit.sha {head} < TRAVIS_PULL_REQUEST_SHA
        > commit.mergeSHA {merge} < TRAVIS_COMMIT
        > branch fix < TRAVIS_PULL_REQUEST_BRANCH
        > pullRequest.number 13 < TRAVIS_PULL_REQUEST
        > pullRequest.target release/2 < TRAVIS_BRANCH
        > pullRequest.fork no < TRAVIS_PULL_REQUEST_SLUG
        ## Travis: a pull request whose head no variable tells
        TRAVIS_COMMIT={merge}
        TRAVIS_PULL_REQUEST=13
        TRAVIS_PULL_REQUEST_BRANCH=fix
        git cat-file tree {base}\nparent {base}\nparent {head}\n\nMerge {head} into {base}\n
        > commit.sha {head} < git cat-file commit TRAVIS_COMMIT
        > commit.mergeSHA {merge} < TRAVIS_COMMIT
        > branch fix < TRAVIS_PULL_REQUEST_BRANCH
        > pullRequest.number 13 < TRAVIS_PULL_REQUEST
        > pullRequest.target main < TRAVIS_BRANCH
        ## Travis: a pull request whose head nobody tells
        TRAVIS_COMMIT={merge}
        TRAVIS_PULL_REQUEST=13
        TRAVIS_PULL_REQUEST_BRANCH=fix
        git cat-file
        > -commit.sha
        > commit.mergeSHA {merge} < TRAVIS_COMMIT
        > branch fix < TRAVIS_PULL_REQUEST_BRANCH
        > pullRequest.number 13 < TRAVIS_PULL_REQUEST
        > pullRequest.target main < TRAVIS_BRANCH
        ! the head commit is unknown: TRAVIS_COMMIT is a merge
        ## Travis: a pull request that could not be merged built its head
        TRAVIS_PULL_REQUEST=13
        TRAVIS_PULL_REQUEST_BRANCH=fix
        TRAVIS_PULL_REQUEST_SHA={head}
        TRAVIS_PULL_REQUEST_SLUG=o/r
        > commit.sha {head} < TRAVIS_PULL_REQUEST_SHA
        > branch fix < TRAVIS_PULL_REQUEST_BRANCH
        > pullRequest.number 13 < TRAVIS_PULL_REQUEST
        > pullRequest.target main < TRAVIS_BRANCH
        > pullRequest.fork no < TRAVIS_PULL_REQUEST_SLUG
        ## Travis: a number that is none
        TRAVIS_PULL_REQUEST=nonsense
        TRAVIS_PULL_REQUEST_SHA={head}
        TRAVIS_PULL_REQUEST_BRANCH=fix
        > commit.sha {head} < TRAVIS_PULL_REQUEST_SHA
        > branch fix < TRAVIS_PULL_REQUEST_BRANCH
        ## Travis: code on GitLab
        TRAVIS_BUILD_WEB_URL=https://app.travis-ci.com/gitlab/o/r/builds/700
        TRAVIS_JOB_WEB_URL=https://app.travis-ci.com/gitlab/o/r/jobs/701
        > repository.forge gitlab < TRAVIS_BUILD_WEB_URL
        > repository.host gitlab.com < TRAVIS_BUILD_WEB_URL
        > run.url https://app.travis-ci.com/gitlab/o/r/builds/700 < TRAVIS_BUILD_WEB_URL
        > job.url https://app.travis-ci.com/gitlab/o/r/jobs/701 < TRAVIS_JOB_WEB_URL
        ## Travis: code on Bitbucket
        TRAVIS_BUILD_WEB_URL=https://app.travis-ci.com/bitbucket/o/r/builds/700
        TRAVIS_JOB_WEB_URL=https://app.travis-ci.com/bitbucket/o/r/jobs/701
        > repository.forge bitbucket < TRAVIS_BUILD_WEB_URL
        > repository.host bitbucket.org < TRAVIS_BUILD_WEB_URL
        > run.url https://app.travis-ci.com/bitbucket/o/r/builds/700 < TRAVIS_BUILD_WEB_URL
        > job.url https://app.travis-ci.com/bitbucket/o/r/jobs/701 < TRAVIS_JOB_WEB_URL
        ## Travis: a server of one's own names no forge
        TRAVIS_BUILD_WEB_URL=https://travis.corp/o/r/builds/700
        TRAVIS_JOB_WEB_URL=https://u:secret@travis.corp/o/r/jobs/701
        > -repository.forge
        > -repository.host
        > run.url https://travis.corp/o/r/builds/700 < TRAVIS_BUILD_WEB_URL
        > job.url https://travis.corp/o/r/jobs/701 < TRAVIS_JOB_WEB_URL
        ## Travis: a server of one's own, with the forge said by the user
        TRAVIS_BUILD_WEB_URL=https://travis.corp/o/r/builds/700
        TRAVIS_JOB_WEB_URL=https://travis.corp/o/r/jobs/701
        DTCI_FORGE=github
        DTCI_BUILD_REPOSITORY=https://ghe.corp/o/r.git
        > repository.slug o/r < DTCI_BUILD_REPOSITORY
        > repository.host ghe.corp < DTCI_BUILD_REPOSITORY
        > repository.forge github < DTCI_FORGE
        > run.url https://travis.corp/o/r/builds/700 < TRAVIS_BUILD_WEB_URL
        > job.url https://travis.corp/o/r/jobs/701 < TRAVIS_JOB_WEB_URL
        ## Travis: an old version without pages
        -TRAVIS_BUILD_WEB_URL
        -TRAVIS_JOB_WEB_URL
        > -repository.forge
        > -repository.host
        > -run.url
        > -job.url
        ## Travis: shards that users number, from 0
        CI_NODE_INDEX=0
        CI_NODE_TOTAL=3
        > node.index 0 < CI_NODE_INDEX
        > node.total 3 < CI_NODE_TOTAL
        ## Travis: a shard beyond their number
        CI_NODE_INDEX=3
        CI_NODE_TOTAL=3
        > node.total 3 < CI_NODE_TOTAL
        ! CI_NODE_INDEX names the machine with index 3 of 3
        ## Travis: a shard without a total
        CI_NODE_INDEX=1
        > node.index 1 < CI_NODE_INDEX
        ## Travis: no slug asks git
        TRAVIS_REPO_SLUG=
        -TRAVIS_BUILD_WEB_URL
        git config remote.origin.url https://github.com/o/r.git\n
        > repository.slug o/r < git config remote.origin.url
        > repository.host github.com < git config remote.origin.url
        > repository.forge github < git config remote.origin.url
        > -run.url
        ## Travis: users overrule the node
        DTCI_NODE_INDEX=1
        DTCI_NODE_TOTAL=2
        CI_NODE_INDEX=5
        CI_NODE_TOTAL=9
        > node.index 1 < DTCI_NODE_INDEX
        > node.total 2 < DTCI_NODE_TOTAL
        ## Travis: an override that says nothing
        DTCI_BUILD_PULL_REQUEST=soon
        DTCI_FORGE=sourceforge
        ! DTCI_BUILD_PULL_REQUEST was passed over
        ! DTCI_FORGE was passed over: sourceforge is none of

        """#)
}
