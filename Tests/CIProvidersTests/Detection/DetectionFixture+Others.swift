extension DetectionFixture {
    static let buildkite: [DetectionFixture] = FixtureBook.read(
        #"""
        CI=true
        BUILDKITE=true
        BUILDKITE_COMMIT={head}
        BUILDKITE_BRANCH=main
        BUILDKITE_TAG=
        BUILDKITE_PULL_REQUEST=false
        BUILDKITE_PULL_REQUEST_BASE_BRANCH=
        BUILDKITE_PULL_REQUEST_REPO=
        BUILDKITE_REPO=git@github.com:o/r.git
        BUILDKITE_PIPELINE_PROVIDER=github
        BUILDKITE_BUILD_ID=b-1
        BUILDKITE_BUILD_NUMBER=88
        BUILDKITE_BUILD_URL=https://buildkite.com/acme/r/builds/88
        BUILDKITE_JOB_ID=j-1
        BUILDKITE_LABEL=:test_tube: tests
        BUILDKITE_STEP_KEY=tests
        BUILDKITE_RETRY_COUNT=0
        BUILDKITE_BUILD_CREATOR=Ann
        > service buildkite < BUILDKITE
        > repository.slug o/r < BUILDKITE_REPO
        > repository.forge github < BUILDKITE_REPO
        > repository.host github.com < BUILDKITE_REPO
        > run.id b-1 < BUILDKITE_BUILD_ID
        > run.attempt 1 < BUILDKITE_RETRY_COUNT
        > run.number 88 < BUILDKITE_BUILD_NUMBER
        > run.url https://buildkite.com/acme/r/builds/88 < BUILDKITE_BUILD_URL
        > job.id j-1 < BUILDKITE_JOB_ID
        > job.name :test_tube: tests < BUILDKITE_LABEL
        > job.url https://buildkite.com/acme/r/builds/88#j-1 < BUILDKITE_JOB_ID
        > actor Ann < BUILDKITE_BUILD_CREATOR
        > commit.sha {head} < BUILDKITE_COMMIT
        > branch main < BUILDKITE_BRANCH

        ## Buildkite: a branch
        ## Buildkite: third of four jobs, counted from 0
        BUILDKITE_PARALLEL_JOB=2
        BUILDKITE_PARALLEL_JOB_COUNT=4
        > node.index 2 < BUILDKITE_PARALLEL_JOB
        > node.total 4 < BUILDKITE_PARALLEL_JOB_COUNT
        ## Buildkite: a second attempt
        BUILDKITE_RETRY_COUNT=1
        > run.attempt 2 < BUILDKITE_RETRY_COUNT
        ## Buildkite: a pull request
        BUILDKITE_BRANCH=fix
        BUILDKITE_PULL_REQUEST=12
        BUILDKITE_PULL_REQUEST_BASE_BRANCH=main
        BUILDKITE_PULL_REQUEST_REPO=git://github.com/o/r.git
        > branch fix < BUILDKITE_BRANCH
        > pullRequest.number 12 < BUILDKITE_PULL_REQUEST
        > pullRequest.target main < BUILDKITE_PULL_REQUEST_BASE_BRANCH
        > pullRequest.fork no < BUILDKITE_PULL_REQUEST_REPO
        ## Buildkite: a pull request of a fork
        BUILDKITE_BRANCH=stranger:fix
        BUILDKITE_PULL_REQUEST=12
        BUILDKITE_PULL_REQUEST_BASE_BRANCH=main
        BUILDKITE_PULL_REQUEST_REPO=https://github.com/stranger/r.git
        > branch fix < BUILDKITE_BRANCH
        > pullRequest.number 12 < BUILDKITE_PULL_REQUEST
        > pullRequest.target main < BUILDKITE_PULL_REQUEST_BASE_BRANCH
        > pullRequest.fork yes < BUILDKITE_PULL_REQUEST_REPO
        ## Buildkite: a tag is no branch, though it is called one
        BUILDKITE_BRANCH=v1
        BUILDKITE_TAG=v1
        > -branch
        > tag v1 < BUILDKITE_TAG
        ## Buildkite: a build by hand of whatever the branch holds
        BUILDKITE_COMMIT=HEAD
        git rev-parse {head}\nHEAD\n
        > commit.sha {head} < git rev-parse HEAD
        ## Buildkite: a merge queue
        BUILDKITE_BRANCH=gh-readonly-queue/release/2/pr-12-{base}
        > branch gh-readonly-queue/release/2/pr-12-{base} < BUILDKITE_BRANCH
        > pullRequest.number 12 < BUILDKITE_BRANCH
        > pullRequest.target release/2 < BUILDKITE_BRANCH
        ## Buildkite: an Enterprise Server by the kind of provider
        BUILDKITE_REPO=https://u:secret@git.corp/o/r.git
        BUILDKITE_PIPELINE_PROVIDER=github_enterprise
        > repository.forge github < BUILDKITE_PIPELINE_PROVIDER
        > repository.host git.corp < BUILDKITE_REPO
        ## Buildkite: GitLab
        BUILDKITE_REPO=git@gitlab.com:g/sub/r.git
        BUILDKITE_PIPELINE_PROVIDER=gitlab
        > repository.slug g/sub/r < BUILDKITE_REPO
        > repository.forge gitlab < BUILDKITE_REPO
        > repository.host gitlab.com < BUILDKITE_REPO
        ## Buildkite: a step without a label
        BUILDKITE_LABEL=
        > job.name tests < BUILDKITE_STEP_KEY

        """#)

    static let semaphore: [DetectionFixture] = FixtureBook.read(
        #"""
        CI=true
        SEMAPHORE=true
        SEMAPHORE_GIT_SHA={head}
        SEMAPHORE_GIT_REF_TYPE=branch
        SEMAPHORE_GIT_BRANCH=main
        SEMAPHORE_GIT_WORKING_BRANCH=main
        SEMAPHORE_GIT_REPO_SLUG=o/r
        SEMAPHORE_GIT_URL=git@github.com:o/r.git
        SEMAPHORE_GIT_PROVIDER=github
        SEMAPHORE_GIT_COMMITTER=ann
        SEMAPHORE_ORGANIZATION_URL=https://acme.semaphoreci.com
        SEMAPHORE_WORKFLOW_ID=w-1
        SEMAPHORE_WORKFLOW_NUMBER=5
        SEMAPHORE_PIPELINE_ID=p-1
        SEMAPHORE_JOB_ID=j-1
        SEMAPHORE_JOB_NAME=tests
        > service semaphore < SEMAPHORE
        > repository.slug o/r < SEMAPHORE_GIT_REPO_SLUG
        > repository.forge github < SEMAPHORE_GIT_PROVIDER
        > repository.host github.com < SEMAPHORE_GIT_URL
        > run.id w-1 < SEMAPHORE_WORKFLOW_ID
        > run.number 5 < SEMAPHORE_WORKFLOW_NUMBER
        > run.url https://acme.semaphoreci.com/workflows/w-1?pipeline_id=p-1 < SEMAPHORE_WORKFLOW_ID
        > job.id j-1 < SEMAPHORE_JOB_ID
        > job.name tests < SEMAPHORE_JOB_NAME
        > job.url https://acme.semaphoreci.com/jobs/j-1 < SEMAPHORE_JOB_ID
        > actor ann < SEMAPHORE_GIT_COMMITTER
        > commit.sha {head} < SEMAPHORE_GIT_SHA
        > branch main < SEMAPHORE_GIT_WORKING_BRANCH

        ## Semaphore: a branch
        ## Semaphore: second of four jobs, counted from 1 there
        SEMAPHORE_JOB_INDEX=2
        SEMAPHORE_JOB_COUNT=4
        > node.index 1 < SEMAPHORE_JOB_INDEX
        > node.total 4 < SEMAPHORE_JOB_COUNT
        ## Semaphore: a job beyond the count
        SEMAPHORE_JOB_INDEX=5
        SEMAPHORE_JOB_COUNT=4
        > node.total 4 < SEMAPHORE_JOB_COUNT
        ! SEMAPHORE_JOB_INDEX names the machine with index 4 of 4
        ## Semaphore: a pull request; the branch is its target, the commit the merge
        SEMAPHORE_GIT_REF_TYPE=pull-request
        SEMAPHORE_GIT_SHA={merge}
        SEMAPHORE_GIT_WORKING_BRANCH=fix
        SEMAPHORE_GIT_PR_NUMBER=12
        SEMAPHORE_GIT_PR_SHA={head}
        SEMAPHORE_GIT_PR_BRANCH=fix
        SEMAPHORE_GIT_PR_SLUG=o/r
        > commit.sha {head} < SEMAPHORE_GIT_PR_SHA
        > commit.mergeSHA {merge} < SEMAPHORE_GIT_SHA
        > branch fix < SEMAPHORE_GIT_PR_BRANCH
        > pullRequest.number 12 < SEMAPHORE_GIT_PR_NUMBER
        > pullRequest.target main < SEMAPHORE_GIT_BRANCH
        > pullRequest.fork no < SEMAPHORE_GIT_PR_SLUG
        ## Semaphore: a pull request of a fork
        SEMAPHORE_GIT_REF_TYPE=pull-request
        SEMAPHORE_GIT_SHA={merge}
        SEMAPHORE_GIT_PR_NUMBER=12
        SEMAPHORE_GIT_PR_SHA={head}
        SEMAPHORE_GIT_PR_BRANCH=fix
        SEMAPHORE_GIT_PR_SLUG=stranger/r
        > commit.sha {head} < SEMAPHORE_GIT_PR_SHA
        > commit.mergeSHA {merge} < SEMAPHORE_GIT_SHA
        > branch fix < SEMAPHORE_GIT_PR_BRANCH
        > pullRequest.number 12 < SEMAPHORE_GIT_PR_NUMBER
        > pullRequest.target main < SEMAPHORE_GIT_BRANCH
        > pullRequest.fork yes < SEMAPHORE_GIT_PR_SLUG
        ## Semaphore: a pull request whose head no variable tells
        SEMAPHORE_GIT_SHA={merge}
        SEMAPHORE_GIT_PR_NUMBER=12
        SEMAPHORE_GIT_WORKING_BRANCH=fix
        git cat-file tree {base}\nparent {base}\nparent {head}\n\nMerge {head} into {base}\n
        > commit.sha {head} < git cat-file commit SEMAPHORE_GIT_SHA
        > commit.mergeSHA {merge} < SEMAPHORE_GIT_SHA
        > branch fix < SEMAPHORE_GIT_WORKING_BRANCH
        > pullRequest.number 12 < SEMAPHORE_GIT_PR_NUMBER
        > pullRequest.target main < SEMAPHORE_GIT_BRANCH
        ## Semaphore: a tag
        SEMAPHORE_GIT_REF_TYPE=tag
        SEMAPHORE_GIT_TAG_NAME=v1
        SEMAPHORE_GIT_BRANCH=v1
        -SEMAPHORE_GIT_WORKING_BRANCH
        > -branch
        > tag v1 < SEMAPHORE_GIT_TAG_NAME
        ## Semaphore: an old agent without the working branch
        -SEMAPHORE_GIT_WORKING_BRANCH
        > branch main < SEMAPHORE_GIT_BRANCH
        ## Semaphore: Bitbucket
        SEMAPHORE_GIT_PROVIDER=bitbucket
        SEMAPHORE_GIT_URL=https://x-token-auth:secret@bitbucket.org/team/r.git
        SEMAPHORE_GIT_REPO_SLUG=team/r
        > repository.slug team/r < SEMAPHORE_GIT_REPO_SLUG
        > repository.forge bitbucket < SEMAPHORE_GIT_PROVIDER
        > repository.host bitbucket.org < SEMAPHORE_GIT_URL
        ## Semaphore: started by a person
        SEMAPHORE_WORKFLOW_TRIGGERED_BY=bob
        > actor bob < SEMAPHORE_WORKFLOW_TRIGGERED_BY

        """#)

    static let generic: [DetectionFixture] = FixtureBook.read(
        #"""
        ## generic: CI alone, git tells the rest
        CI=true
        git rev-parse {head}\nmain\n
        git config remote.origin.url git@gitlab.com:g/r.git\n
        > service generic < CI
        > commit.sha {head} < git rev-parse HEAD
        > branch main < git rev-parse HEAD
        > repository.slug g/r < git config remote.origin.url
        > repository.host gitlab.com < git config remote.origin.url
        > repository.forge gitlab < git config remote.origin.url
        ## generic: what users set by convention
        CI=1
        CI_COMMIT={head}
        CI_BRANCH=fix
        CI_REPO_OWNER=o
        CI_REPO_NAME=r
        CI_PULL_REQUEST=12
        CI_NODE_INDEX=0
        CI_NODE_TOTAL=2
        BUILD_NUMBER=5
        BUILD_URL=https://u:secret@ci.example.com/5
        > service generic < CI
        > commit.sha {head} < CI_COMMIT
        > branch fix < CI_BRANCH
        > repository.slug o/r < CI_REPO_NAME
        > pullRequest.number 12 < CI_PULL_REQUEST
        > node.index 0 < CI_NODE_INDEX
        > node.total 2 < CI_NODE_TOTAL
        > run.id 5 < BUILD_NUMBER
        > run.number 5 < BUILD_NUMBER
        > run.url https://ci.example.com/5 < BUILD_URL
        ## generic: a pull request given as a URL
        CONTINUOUS_INTEGRATION=true
        CI_COMMIT={head}
        CI_REPO_OWNER=o
        CI_REPO_NAME=r
        CI_PULL_REQUEST=https://github.com/o/r/pull/12
        > service generic < CONTINUOUS_INTEGRATION
        > commit.sha {head} < CI_COMMIT
        > repository.slug o/r < CI_REPO_NAME
        > repository.host github.com < CI_PULL_REQUEST
        > repository.forge github < CI_PULL_REQUEST
        > pullRequest.number 12 < CI_PULL_REQUEST
        ## generic: a detached head has no branch
        CI=yes
        git rev-parse {head}\nHEAD\n
        git config
        > service generic < CI
        > commit.sha {head} < git rev-parse HEAD
        ## generic: a tag
        CI=true
        CI_COMMIT_SHA={head}
        CI_TAG=v1
        CI_REPO=o/r
        > service generic < CI
        > commit.sha {head} < CI_COMMIT_SHA
        > tag v1 < CI_TAG
        > repository.slug o/r < CI_REPO
        ## generic: Heroku counts its nodes from 0
        CI=true
        HEROKU_TEST_RUN_ID=t-1
        HEROKU_TEST_RUN_COMMIT_VERSION={head}
        CI_NODE_INDEX=1
        CI_NODE_TOTAL=2
        git rev-parse
        git config
        > service generic < CI
        > node.index 1 < CI_NODE_INDEX
        > node.total 2 < CI_NODE_TOTAL
        ## generic: git's own variables of a service that nobody knows
        CI=true
        GIT_COMMIT={head}
        GIT_BRANCH=refs/heads/main
        GIT_URL=https://u:secret@codeberg.org/o/r.git
        > service generic < CI
        > commit.sha {head} < GIT_COMMIT
        > branch main < GIT_BRANCH
        > repository.slug o/r < GIT_URL
        > repository.host codeberg.org < GIT_URL
        > repository.forge forgejo < GIT_URL
        ## generic: everything said by the user
        CI=true
        DTCI_BUILD_COMMIT={head}
        DTCI_BUILD_TAG=refs/tags/v1
        DTCI_BUILD_REPOSITORY=https://u:secret@git.corp/o/r.git
        DTCI_FORGE=gitea
        DTCI_NODE_INDEX=2
        DTCI_NODE_TOTAL=3
        > service generic < CI
        > commit.sha {head} < DTCI_BUILD_COMMIT
        > tag v1 < DTCI_BUILD_TAG
        > repository.slug o/r < DTCI_BUILD_REPOSITORY
        > repository.host git.corp < DTCI_BUILD_REPOSITORY
        > repository.forge gitea < DTCI_FORGE
        > node.index 2 < DTCI_NODE_INDEX
        > node.total 3 < DTCI_NODE_TOTAL
        ## generic: a service that the user names wrongly
        CI=true
        DTCI_SERVICE=hudson
        CI_COMMIT={head}
        CI_BRANCH=main
        CI_REPO=o/r
        > service generic < CI
        > commit.sha {head} < CI_COMMIT
        > branch main < CI_BRANCH
        > repository.slug o/r < CI_REPO
        ! DTCI_SERVICE was passed over: hudson is none of

        """#)

    static let local: [DetectionFixture] = FixtureBook.read(
        #"""
        ?
        > service local < no CI service's variables

        ## local: git alone
        git rev-parse {head}\nmain\n
        git config remote.origin.url https://u:secret@github.com/o/r.git\n
        > commit.sha {head} < git rev-parse HEAD
        > branch main < git rev-parse HEAD
        > repository.slug o/r < git config remote.origin.url
        > repository.host github.com < git config remote.origin.url
        > repository.forge github < git config remote.origin.url
        ## local: CI=false is no CI service
        CI=false
        git rev-parse
        git config
        ## local: no repository
        git rev-parse
        git config
        ## local: a repository without a remote
        git rev-parse {head}\nmain\n
        git config
        > commit.sha {head} < git rev-parse HEAD
        > branch main < git rev-parse HEAD
        ## local: a remote that is a directory
        git rev-parse {head}\nmain\n
        git config remote.origin.url /srv/git/r.git\n
        > commit.sha {head} < git rev-parse HEAD
        > branch main < git rev-parse HEAD
        ## local: a remote by a short word that git alone understands
        git rev-parse {head}\nmain\n
        git config remote.origin.url gh:o/r\n
        git ls-remote https://github.com/o/r\n
        > commit.sha {head} < git rev-parse HEAD
        > branch main < git rev-parse HEAD
        > repository.slug o/r < git ls-remote --get-url
        > repository.host github.com < git ls-remote --get-url
        > repository.forge github < git ls-remote --get-url
        ## local: origin among several remotes
        git rev-parse {head}\nmain\n
        git config remote.fork.url git@github.com:me/r\nremote.origin.url git@github.com:o/r\n
        > commit.sha {head} < git rev-parse HEAD
        > branch main < git rev-parse HEAD
        > repository.slug o/r < git config remote.origin.url
        > repository.host github.com < git config remote.origin.url
        > repository.forge github < git config remote.origin.url
        ## local: Jenkins' URL without a build is an inheritance
        JENKINS_URL=https://j/
        git rev-parse
        git config
        ## local: GITLAB_CI=false alone means what it says
        GITLAB_CI=false
        git rev-parse
        git config
        ## local: a service that is switched off by hand
        GITHUB_ACTIONS=true
        GITHUB_SHA={base}
        DTCI_SERVICE=local
        git rev-parse {head}\nmain\n
        git config
        > service local < DTCI_SERVICE
        > commit.sha {head} < git rev-parse HEAD
        > branch main < git rev-parse HEAD
        ? github-actions

        """#)

    /// Slurm and Kubernetes outside of any service.
    static let nodes: [DetectionFixture] = FixtureBook.read(
        #"""
        ?
        git rev-parse
        git config
        > service local < no CI service's variables

        ## Slurm: the third task of an array that begins at 10, in steps of 10
        SLURM_JOB_ID=503
        SLURM_JOB_NAME=tests
        SLURM_ARRAY_JOB_ID=500
        SLURM_ARRAY_TASK_ID=30
        SLURM_ARRAY_TASK_MIN=10
        SLURM_ARRAY_TASK_MAX=40
        SLURM_ARRAY_TASK_STEP=10
        SLURM_ARRAY_TASK_COUNT=4
        > run.id 500 < SLURM_ARRAY_JOB_ID
        > job.id 503 < SLURM_JOB_ID
        > job.name tests < SLURM_JOB_NAME
        > node.index 2 < SLURM_ARRAY_TASK_ID
        > node.total 4 < SLURM_ARRAY_TASK_COUNT
        ## Slurm: an array from 0, restarted once
        SLURM_JOB_ID=503
        SLURM_ARRAY_JOB_ID=500
        SLURM_ARRAY_TASK_ID=0
        SLURM_ARRAY_TASK_MIN=0
        SLURM_ARRAY_TASK_MAX=8
        SLURM_ARRAY_TASK_STEP=1
        SLURM_ARRAY_TASK_COUNT=9
        SLURM_RESTART_COUNT=1
        > run.id 500 < SLURM_ARRAY_JOB_ID
        > run.attempt 2 < SLURM_RESTART_COUNT
        > job.id 503 < SLURM_JOB_ID
        > node.index 0 < SLURM_ARRAY_TASK_ID
        > node.total 9 < SLURM_ARRAY_TASK_COUNT
        ## Slurm: an array without even steps
        SLURM_ARRAY_TASK_ID=3
        SLURM_ARRAY_TASK_MIN=0
        SLURM_ARRAY_TASK_MAX=7
        SLURM_ARRAY_TASK_STEP=1
        SLURM_ARRAY_TASK_COUNT=3
        > node.total 3 < SLURM_ARRAY_TASK_COUNT
        ! the tasks of this Slurm array are not evenly spaced
        ## Slurm: an array task below the first
        SLURM_ARRAY_TASK_ID=1
        SLURM_ARRAY_TASK_MIN=2
        SLURM_ARRAY_TASK_COUNT=3
        > node.total 3 < SLURM_ARRAY_TASK_COUNT
        ! SLURM_ARRAY_TASK_ID names the machine with index -1 of 3
        ## Slurm: a task of srun
        SLURM_JOB_ID=503
        SLURM_STEP_ID=0
        SLURM_PROCID=3
        SLURM_NTASKS=4
        SLURM_STEP_NUM_TASKS=4
        > run.id 503 < SLURM_JOB_ID
        > job.id 503 < SLURM_JOB_ID
        > node.index 3 < SLURM_PROCID
        > node.total 4 < SLURM_STEP_NUM_TASKS
        ## Slurm: a batch script is one machine, whatever its allocation could run
        SLURM_JOB_ID=503
        SLURM_PROCID=0
        SLURM_NTASKS=8
        > run.id 503 < SLURM_JOB_ID
        > job.id 503 < SLURM_JOB_ID
        ## Slurm: srun within an array counts the array's tasks
        SLURM_STEP_ID=0
        SLURM_PROCID=1
        SLURM_STEP_NUM_TASKS=2
        SLURM_ARRAY_TASK_ID=4
        SLURM_ARRAY_TASK_MIN=1
        SLURM_ARRAY_TASK_MAX=4
        SLURM_ARRAY_TASK_COUNT=4
        > node.index 3 < SLURM_ARRAY_TASK_ID
        > node.total 4 < SLURM_ARRAY_TASK_COUNT
        ## Slurm: numbers that are none
        SLURM_STEP_ID=0
        SLURM_PROCID=x
        SLURM_STEP_NUM_TASKS=99999999999999999999
        ## Kubernetes: a pod whose Job tells its completions
        JOB_COMPLETION_INDEX=3
        DTCI_NODE_TOTAL=5
        > node.index 3 < JOB_COMPLETION_INDEX
        > node.total 5 < DTCI_NODE_TOTAL
        ## Kubernetes: completions by the other variable
        JOB_COMPLETION_INDEX=3
        CI_NODE_TOTAL=5
        > node.index 3 < JOB_COMPLETION_INDEX
        > node.total 5 < CI_NODE_TOTAL
        ## Kubernetes: a pod that knows no total
        JOB_COMPLETION_INDEX=3
        > node.index 3 < JOB_COMPLETION_INDEX
        ! JOB_COMPLETION_INDEX tells no total: set DTCI_NODE_TOTAL
        ## Kubernetes: an index beyond the completions
        JOB_COMPLETION_INDEX=5
        DTCI_NODE_TOTAL=5
        > node.total 5 < DTCI_NODE_TOTAL
        ! JOB_COMPLETION_INDEX names the machine with index 5 of 5
        ## Kubernetes: a pod that a user numbers otherwise
        JOB_COMPLETION_INDEX=3
        DTCI_NODE_INDEX=0
        DTCI_NODE_TOTAL=2
        > node.index 0 < DTCI_NODE_INDEX
        > node.total 2 < DTCI_NODE_TOTAL

        """#)
}
