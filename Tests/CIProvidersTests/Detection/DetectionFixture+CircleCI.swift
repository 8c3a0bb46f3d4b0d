extension DetectionFixture {
    static let circleCI: [DetectionFixture] = FixtureBook.read(
        #"""
        CI=true
        CIRCLECI=true
        CIRCLE_SHA1={head}
        CIRCLE_PROJECT_USERNAME=o
        CIRCLE_PROJECT_REPONAME=r
        CIRCLE_REPOSITORY_URL=git@github.com:o/r.git
        CIRCLE_WORKFLOW_ID=w-1
        CIRCLE_WORKFLOW_JOB_ID=j-1
        CIRCLE_BUILD_NUM=61
        CIRCLE_BUILD_URL=https://circleci.com/gh/o/r/61
        CIRCLE_JOB=test
        CIRCLE_NODE_INDEX=0
        CIRCLE_NODE_TOTAL=1
        CIRCLE_USERNAME=ann
        CIRCLE_BRANCH=main
        > service circleci < CIRCLECI
        > repository.slug o/r < CIRCLE_REPOSITORY_URL
        > repository.forge github < CIRCLE_REPOSITORY_URL
        > repository.host github.com < CIRCLE_REPOSITORY_URL
        > run.id w-1 < CIRCLE_WORKFLOW_ID
        > run.number 61 < CIRCLE_BUILD_NUM
        > run.url https://circleci.com/gh/o/r/61 < CIRCLE_BUILD_URL
        > job.id j-1 < CIRCLE_WORKFLOW_JOB_ID
        > job.name test < CIRCLE_JOB
        > node.index 0 < CIRCLE_NODE_INDEX
        > node.total 1 < CIRCLE_NODE_TOTAL
        > actor ann < CIRCLE_USERNAME
        > commit.sha {head} < CIRCLE_SHA1
        > branch main < CIRCLE_BRANCH

        ## CircleCI: a branch
        ## CircleCI: last of four nodes, counted from 0
        CIRCLE_NODE_INDEX=3
        CIRCLE_NODE_TOTAL=4
        > node.index 3 < CIRCLE_NODE_INDEX
        > node.total 4 < CIRCLE_NODE_TOTAL
        ## CircleCI: a node beyond the total
        CIRCLE_NODE_INDEX=4
        CIRCLE_NODE_TOTAL=4
        > -node.index
        > node.total 4 < CIRCLE_NODE_TOTAL
        ! CIRCLE_NODE_INDEX names the machine with index 4 of 4
        ## CircleCI: a pull request of the same repository
        CIRCLE_BRANCH=fix
        CIRCLE_PULL_REQUEST=https://github.com/o/r/pull/12
        CIRCLE_PULL_REQUESTS=https://github.com/o/r/pull/12
        > branch fix < CIRCLE_BRANCH
        > pullRequest.number 12 < CIRCLE_PULL_REQUESTS
        > pullRequest.fork no < CIRCLE_PULL_REQUESTS
        ## CircleCI: a pull request by its single variable
        CIRCLE_BRANCH=fix
        CIRCLE_PULL_REQUEST=https://github.com/o/r/pull/12
        > branch fix < CIRCLE_BRANCH
        > pullRequest.number 12 < CIRCLE_PULL_REQUEST
        > pullRequest.fork no < CIRCLE_PULL_REQUEST
        ## CircleCI: of several pull requests always the oldest, not the random one
        CIRCLE_BRANCH=fix
        CIRCLE_PULL_REQUEST=https://github.com/o/r/pull/30
        CIRCLE_PULL_REQUESTS=https://github.com/o/r/pull/30,https://github.com/o/r/pull/9,https://github.com/o/r/pull/12
        > branch fix < CIRCLE_BRANCH
        > pullRequest.number 9 < CIRCLE_PULL_REQUESTS
        > pullRequest.fork no < CIRCLE_PULL_REQUESTS
        ! several pull requests (#9, #12, #30): #9 was taken
        ## CircleCI: a person says which of several
        CIRCLE_BRANCH=fix
        CIRCLE_PULL_REQUESTS=https://github.com/o/r/pull/30,https://github.com/o/r/pull/9
        DTCI_BUILD_PULL_REQUEST=30
        > branch fix < CIRCLE_BRANCH
        > pullRequest.number 30 < DTCI_BUILD_PULL_REQUEST
        > pullRequest.fork no < CIRCLE_PULL_REQUESTS
        ## CircleCI: the same pull request twice is one
        CIRCLE_BRANCH=fix
        CIRCLE_PULL_REQUESTS=https://github.com/o/r/pull/9,https://github.com/o/r/pull/9
        > branch fix < CIRCLE_BRANCH
        > pullRequest.number 9 < CIRCLE_PULL_REQUESTS
        > pullRequest.fork no < CIRCLE_PULL_REQUESTS
        ## CircleCI: a pull request of a fork
        CIRCLE_BRANCH=pull/12
        CIRCLE_PULL_REQUEST=https://github.com/o/r/pull/12
        CIRCLE_PR_NUMBER=12
        CIRCLE_PR_USERNAME=stranger
        CIRCLE_PR_REPONAME=r
        > branch pull/12 < CIRCLE_BRANCH
        > pullRequest.number 12 < CIRCLE_PULL_REQUEST
        > pullRequest.fork yes < CIRCLE_PR_USERNAME
        ## CircleCI: a fork's number alone
        CIRCLE_BRANCH=pull/12
        CIRCLE_PR_NUMBER=12
        CIRCLE_PR_REPONAME=r
        > branch pull/12 < CIRCLE_BRANCH
        > pullRequest.number 12 < CIRCLE_PR_NUMBER
        > pullRequest.fork yes < CIRCLE_PR_USERNAME
        ## CircleCI: a fork's branch alone
        CIRCLE_BRANCH=pull/12
        > branch pull/12 < CIRCLE_BRANCH
        > pullRequest.number 12 < CIRCLE_BRANCH
        > pullRequest.fork yes < CIRCLE_BRANCH
        ## CircleCI: a tag is no branch
        -CIRCLE_BRANCH
        CIRCLE_TAG=v1
        > -branch
        > tag v1 < CIRCLE_TAG
        ## CircleCI: a project of GitHub's app has no pull request in its variables
        -CIRCLE_PROJECT_USERNAME
        -CIRCLE_PROJECT_REPONAME
        -CIRCLE_USERNAME
        CIRCLE_BUILD_URL=https://app.circleci.com/jobs/circleci/4f3a/9b2c/61
        CIRCLE_REPOSITORY_URL=https://github.com/o/r.git
        > run.url https://app.circleci.com/jobs/circleci/4f3a/9b2c/61 < CIRCLE_BUILD_URL
        > -actor
        ## CircleCI: a project on GitLab, with groups
        -CIRCLE_PROJECT_USERNAME
        -CIRCLE_PROJECT_REPONAME
        CIRCLE_BUILD_URL=https://app.circleci.com/jobs/circleci/4f3a/9b2c/61
        CIRCLE_REPOSITORY_URL=https://gitlab.com/g/sub/r.git
        > run.url https://app.circleci.com/jobs/circleci/4f3a/9b2c/61 < CIRCLE_BUILD_URL
        > repository.slug g/sub/r < CIRCLE_REPOSITORY_URL
        > repository.forge gitlab < CIRCLE_REPOSITORY_URL
        > repository.host gitlab.com < CIRCLE_REPOSITORY_URL
        ## CircleCI: a GitLab of one's own
        CIRCLE_REPOSITORY_URL=git@gitlab.corp:g/r.git
        > repository.slug g/r < CIRCLE_REPOSITORY_URL
        > repository.forge gitlab < CIRCLE_REPOSITORY_URL
        > repository.host gitlab.corp < CIRCLE_REPOSITORY_URL
        ## CircleCI: Bitbucket
        CIRCLE_REPOSITORY_URL=git@bitbucket.org:team/r.git
        CIRCLE_BUILD_URL=https://circleci.com/bb/team/r/61
        CIRCLE_PULL_REQUEST=https://bitbucket.org/team/r/pull-requests/3
        CIRCLE_BRANCH=fix
        > branch fix < CIRCLE_BRANCH
        > repository.slug team/r < CIRCLE_REPOSITORY_URL
        > repository.forge bitbucket < CIRCLE_REPOSITORY_URL
        > repository.host bitbucket.org < CIRCLE_REPOSITORY_URL
        > run.url https://circleci.com/bb/team/r/61 < CIRCLE_BUILD_URL
        > pullRequest.number 3 < CIRCLE_PULL_REQUEST
        > pullRequest.fork no < CIRCLE_PULL_REQUEST
        ## CircleCI: an Enterprise Server of GitHub by the kind of project
        CIRCLE_REPOSITORY_URL=git@git.corp:o/r.git
        CIRCLE_BUILD_URL=https://circleci.corp/gh/o/r/61
        > repository.forge github < CIRCLE_BUILD_URL
        > repository.host git.corp < CIRCLE_REPOSITORY_URL
        > run.url https://circleci.corp/gh/o/r/61 < CIRCLE_BUILD_URL
        ## CircleCI: without the repository's URL its page tells host and forge
        -CIRCLE_REPOSITORY_URL
        > repository.slug o/r < CIRCLE_PROJECT_REPONAME
        > repository.forge github < CIRCLE_BUILD_URL
        > repository.host github.com < CIRCLE_BUILD_URL
        ## CircleCI: the same with the newer page
        -CIRCLE_REPOSITORY_URL
        CIRCLE_BUILD_URL=https://app.circleci.com/pipelines/bitbucket/o/r/7/workflows/w-1/jobs/61
        > repository.slug o/r < CIRCLE_PROJECT_REPONAME
        > repository.forge bitbucket < CIRCLE_BUILD_URL
        > repository.host bitbucket.org < CIRCLE_BUILD_URL
        > run.url https://app.circleci.com/pipelines/bitbucket/o/r/7/workflows/w-1/jobs/61 < CIRCLE_BUILD_URL
        ## CircleCI: a URL over GitHub's other port
        CIRCLE_REPOSITORY_URL=ssh://git@ssh.github.com:443/o/r.git
        ## CircleCI: a URL with a token
        CIRCLE_REPOSITORY_URL=https://x-access-token:secret@github.com/o/r.git
        CIRCLE_BUILD_URL=https://u:secret@circleci.com/gh/o/r/61
        ## CircleCI: a schedule of a branch that is called like a pull request's page
        CIRCLE_BRANCH=fix/pull/12
        > branch fix/pull/12 < CIRCLE_BRANCH
        ## CircleCI: a runner without a workflow's id
        -CIRCLE_WORKFLOW_ID
        > run.id 61 < CIRCLE_BUILD_NUM
        ## CircleCI: a merge queue's branch names the pull request
        CIRCLE_BRANCH=gh-readonly-queue/main/pr-12-{base}
        > branch gh-readonly-queue/main/pr-12-{base} < CIRCLE_BRANCH
        > pullRequest.number 12 < CIRCLE_BRANCH
        > pullRequest.target main < CIRCLE_BRANCH
        ## CircleCI: a machine runner on a Kubernetes Indexed Job
        JOB_COMPLETION_INDEX=2
        DTCI_NODE_TOTAL=4
        > node.index 2 < JOB_COMPLETION_INDEX
        > node.total 4 < DTCI_NODE_TOTAL
        ## CircleCI: pull requests that are none
        CIRCLE_PULL_REQUESTS=,nonsense,https://github.com/o/r/pull/x
        > pullRequest.number 7 < DTCI_BUILD_PULL_REQUEST
        DTCI_BUILD_PULL_REQUEST=7
        > pullRequest.fork no < CIRCLE_PULL_REQUESTS

        """#)
}
