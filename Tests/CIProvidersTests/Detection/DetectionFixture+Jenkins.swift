extension DetectionFixture {
    static let jenkins: [DetectionFixture] = FixtureBook.read(
        #"""
        JENKINS_URL=https://j.example.com/
        BUILD_NUMBER=7
        BUILD_ID=7
        BUILD_TAG=jenkins-r-7
        BUILD_URL=https://j.example.com/job/r/7/
        JOB_NAME=r
        JOB_URL=https://j.example.com/job/r/
        GIT_COMMIT={head}
        GIT_URL=https://github.com/o/r.git
        > service jenkins < JENKINS_URL
        > run.id jenkins-r-7 < BUILD_TAG
        > run.number 7 < BUILD_NUMBER
        > run.url https://j.example.com/job/r/7/ < BUILD_URL
        > job.name r < JOB_NAME
        > job.url https://j.example.com/job/r/ < JOB_URL
        > commit.sha {head} < GIT_COMMIT
        > repository.slug o/r < GIT_URL
        > repository.host github.com < GIT_URL
        > repository.forge github < GIT_URL

        ## Jenkins: a branch of a plain job
        GIT_BRANCH=origin/feature/a
        > branch feature/a < GIT_BRANCH
        ## Jenkins: a branch with its full name
        GIT_BRANCH=refs/remotes/origin/main
        > branch main < GIT_BRANCH
        ## Jenkins: a local branch that the checkout made
        GIT_BRANCH=origin/main
        GIT_LOCAL_BRANCH=main
        > branch main < GIT_LOCAL_BRANCH
        ## Jenkins: a branch of a multibranch job
        BRANCH_NAME=release/2
        GIT_BRANCH=release/2
        > branch release/2 < BRANCH_NAME
        ## Jenkins: credentials in the clone's URL are nobody's business
        BRANCH_NAME=main
        GIT_URL=https://x-access-token:secret@github.com/o/r.git
        BUILD_URL=https://u:secret@j.example.com/job/r/7/
        > branch main < BRANCH_NAME
        ## Jenkins: several clones
        BRANCH_NAME=main
        -GIT_URL
        GIT_URL_1=git@bitbucket.org:team/r.git
        GIT_URL_2=git@github.com:o/lib.git
        > branch main < BRANCH_NAME
        > repository.slug team/r < GIT_URL_1
        > repository.host bitbucket.org < GIT_URL_1
        > repository.forge bitbucket < GIT_URL_1
        ## Jenkins: a pull request whose head was checked out
        BRANCH_NAME=PR-12
        CHANGE_ID=12
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://github.com/o/r/pull/12
        CHANGE_AUTHOR=ann
        git cat-file tree {base}\nparent {base}\nauthor a\n\nFix it\n
        > repository.slug o/r < CHANGE_URL
        > repository.host github.com < CHANGE_URL
        > repository.forge github < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 12 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        > actor ann < CHANGE_AUTHOR
        ## Jenkins: a pull request that the agent merged, the head first
        BRANCH_NAME=PR-12
        GIT_COMMIT={merge}
        CHANGE_ID=12
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://github.com/o/r/pull/12
        git cat-file tree {base}\nparent {head}\nparent {base}\nauthor a\n\nMerge commit '{base}' into HEAD\n
        > commit.sha {head} < git cat-file commit GIT_COMMIT
        > commit.mergeSHA {merge} < GIT_COMMIT
        > repository.slug o/r < CHANGE_URL
        > repository.host github.com < CHANGE_URL
        > repository.forge github < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 12 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        ## Jenkins: a head that its author merged is no test merge
        BRANCH_NAME=PR-12
        CHANGE_ID=12
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://github.com/o/r/pull/12
        git cat-file tree {base}\nparent {merge}\nparent {base}\nauthor a\n\nMerge branch 'main' into fix\n
        > repository.slug o/r < CHANGE_URL
        > repository.host github.com < CHANGE_URL
        > repository.forge github < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 12 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        ## Jenkins: a pull request of a fork, where git does not answer
        BRANCH_NAME=PR-12
        CHANGE_ID=12
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_FORK=stranger
        CHANGE_URL=https://github.com/o/r/pull/12
        git cat-file
        > repository.slug o/r < CHANGE_URL
        > repository.host github.com < CHANGE_URL
        > repository.forge github < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 12 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork yes < CHANGE_FORK
        ## Jenkins: a merge request on a GitLab of one's own
        CHANGE_ID=12
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://git.corp/g/sub/r/-/merge_requests/12
        git cat-file
        > repository.slug g/sub/r < CHANGE_URL
        > repository.host git.corp < CHANGE_URL
        > repository.forge gitlab < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 12 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        ## Jenkins: a pull request on Bitbucket Cloud
        CHANGE_ID=3
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://bitbucket.org/team/r/pull-requests/3
        git cat-file
        > repository.slug team/r < CHANGE_URL
        > repository.host bitbucket.org < CHANGE_URL
        > repository.forge bitbucket < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 3 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        ## Jenkins: a pull request on Bitbucket Data Center
        CHANGE_ID=3
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://git.intern/projects/KEY/repos/name/pull-requests/3/overview
        git cat-file
        > repository.slug KEY/name < CHANGE_URL
        > repository.host git.intern < CHANGE_URL
        > repository.forge bitbucket < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 3 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        ## Jenkins: a pull request on Gitea
        CHANGE_ID=5
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://git.corp/o/r/pulls/5
        git cat-file
        > repository.slug o/r < CHANGE_URL
        > repository.host git.corp < CHANGE_URL
        > repository.forge gitea < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 5 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        ## Jenkins: a pull request on Azure Repos
        CHANGE_ID=5
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://dev.azure.com/org/project/_git/r/pullrequest/5
        git cat-file
        > repository.slug org/project/r < CHANGE_URL
        > repository.host dev.azure.com < CHANGE_URL
        > repository.forge azure-repos < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 5 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        ## Jenkins: a repository that is called pull
        CHANGE_ID=5
        CHANGE_BRANCH=fix
        CHANGE_TARGET=main
        CHANGE_URL=https://github.com/o/pull/pull/5/files
        git cat-file
        > repository.slug o/pull < CHANGE_URL
        > repository.host github.com < CHANGE_URL
        > repository.forge github < CHANGE_URL
        > branch fix < CHANGE_BRANCH
        > pullRequest.number 5 < CHANGE_ID
        > pullRequest.target main < CHANGE_TARGET
        > pullRequest.fork no < CHANGE_ID
        ## Jenkins: a tag is no branch, though it is called one
        BRANCH_NAME=v1
        TAG_NAME=v1
        > tag v1 < TAG_NAME
        ## Jenkins: the pull request builder knows the head
        GIT_COMMIT={merge}
        GIT_BRANCH=detached
        ghprbActualCommit={head}
        ghprbPullId=12
        ghprbSourceBranch=fix
        ghprbTargetBranch=main
        ghprbGhRepository=o/r
        ghprbPullLink=https://github.com/o/r/pull/12
        ghprbPullAuthorLogin=ann
        ghprbAuthorRepoGitUrl=https://github.com/o/r.git
        > commit.sha {head} < ghprbActualCommit
        > commit.mergeSHA {merge} < GIT_COMMIT
        > repository.slug o/r < ghprbGhRepository
        > repository.host github.com < ghprbPullLink
        > repository.forge github < ghprbPullLink
        > branch fix < ghprbSourceBranch
        > pullRequest.number 12 < ghprbPullId
        > pullRequest.target main < ghprbTargetBranch
        > pullRequest.fork no < ghprbAuthorRepoGitUrl
        > actor ann < ghprbPullAuthorLogin
        ## Jenkins: the pull request builder on an Enterprise Server, for a fork
        GIT_COMMIT={merge}
        ghprbActualCommit={head}
        ghprbPullId=12
        ghprbSourceBranch=fix
        ghprbTargetBranch=main
        ghprbGhRepository=o/r
        ghprbPullLink=https://ghe.corp/o/r/pull/12
        ghprbAuthorRepoGitUrl=https://ghe.corp/stranger/r.git
        > commit.sha {head} < ghprbActualCommit
        > commit.mergeSHA {merge} < GIT_COMMIT
        > repository.slug o/r < ghprbGhRepository
        > repository.host ghe.corp < ghprbPullLink
        > repository.forge github < ghprbPullLink
        > branch fix < ghprbSourceBranch
        > pullRequest.number 12 < ghprbPullId
        > pullRequest.target main < ghprbTargetBranch
        > pullRequest.fork yes < ghprbAuthorRepoGitUrl
        ## Jenkins: the GitLab plugin's merge request by its number within the project
        GIT_COMMIT={merge}
        GIT_BRANCH=origin/fix
        gitlabActionType=MERGE
        gitlabMergeRequestId=99999
        gitlabMergeRequestIid=12
        gitlabMergeRequestLastCommit={head}
        gitlabSourceBranch=fix
        gitlabTargetBranch=main
        gitlabSourceRepoHttpUrl=https://git.corp/stranger/r.git
        gitlabTargetRepoHttpUrl=https://git.corp/g/sub/r.git
        gitlabUserUsername=ann
        > commit.sha {head} < gitlabMergeRequestLastCommit
        > commit.mergeSHA {merge} < GIT_COMMIT
        > repository.slug g/sub/r < gitlabTargetRepoHttpUrl
        > repository.host git.corp < gitlabTargetRepoHttpUrl
        > repository.forge gitlab < gitlabActionType
        > branch fix < gitlabSourceBranch
        > pullRequest.number 12 < gitlabMergeRequestIid
        > pullRequest.target main < gitlabTargetBranch
        > pullRequest.fork yes < gitlabSourceRepoHttpUrl
        > actor ann < gitlabUserUsername
        ## Jenkins: the GitLab plugin's push has no merge request
        gitlabActionType=PUSH
        gitlabSourceBranch=main
        gitlabTargetBranch=main
        GIT_URL=git@git.corp:g/r.git
        > repository.slug g/r < GIT_URL
        > repository.host git.corp < GIT_URL
        > repository.forge gitlab < gitlabActionType
        > branch main < gitlabSourceBranch
        ## Jenkins: a person who started the build
        BRANCH_NAME=main
        BUILD_USER_ID=ann
        > branch main < BRANCH_NAME
        > actor ann < BUILD_USER_ID
        ## Jenkins: a forge that nobody knows
        BRANCH_NAME=main
        GIT_URL=ssh://git@git.intern:2222/o/r.git
        > branch main < BRANCH_NAME
        > repository.slug o/r < GIT_URL
        > repository.host git.intern < GIT_URL
        > -repository.forge
        ## Jenkins: a plain job without a clone asks git
        -GIT_COMMIT
        -GIT_URL
        git rev-parse {head}\nHEAD\n
        git config remote.origin.url https://u:secret@github.com/o/r.git\n
        > commit.sha {head} < git rev-parse HEAD
        > repository.slug o/r < git config remote.origin.url
        > repository.host github.com < git config remote.origin.url
        > repository.forge github < git config remote.origin.url
        ## Jenkins: shards that the pipeline numbers itself
        BRANCH_NAME=main
        CI_NODE_INDEX=1
        CI_NODE_TOTAL=2
        > branch main < BRANCH_NAME
        > node.index 1 < CI_NODE_INDEX
        > node.total 2 < CI_NODE_TOTAL
        ## Jenkins: a build with nothing but a number, in a container that got little
        -BUILD_TAG
        -BUILD_ID
        -JOB_NAME
        -JOB_URL
        BRANCH_NAME=main
        > -job.name
        > -job.url
        > run.id 7 < BUILD_NUMBER
        > branch main < BRANCH_NAME
        ## Jenkins: a Jenkins that another CI service started
        BRANCH_NAME=main
        TRAVIS=true
        TRAVIS_COMMIT={head}
        TRAVIS_BRANCH=main
        TRAVIS_REPO_SLUG=o/r
        DTCI_SERVICE=jenkins
        > service jenkins < DTCI_SERVICE
        > branch main < BRANCH_NAME
        ? travis-ci jenkins

        """#)
}
