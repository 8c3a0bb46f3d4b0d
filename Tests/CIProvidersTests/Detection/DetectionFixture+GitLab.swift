extension DetectionFixture {
    static let gitLab: [DetectionFixture] = FixtureBook.read(
        #"""
        CI=true
        GITLAB_CI=true
        CI_SERVER_HOST=gitlab.example.com
        CI_SERVER_URL=https://gitlab.example.com
        CI_API_V4_URL=https://gitlab.example.com/api/v4
        CI_PROJECT_PATH=g/sub/r
        CI_PROJECT_ID=1
        CI_PROJECT_URL=https://gitlab.example.com/g/sub/r
        CI_REPOSITORY_URL=https://gitlab-ci-token:glcbt-64_secret@gitlab.example.com/g/sub/r.git
        CI_PIPELINE_ID=500
        CI_PIPELINE_IID=41
        CI_PIPELINE_URL=https://gitlab.example.com/g/sub/r/-/pipelines/500
        CI_JOB_ID=77
        CI_JOB_NAME=test 2/3
        CI_JOB_URL=https://gitlab.example.com/g/sub/r/-/jobs/77
        CI_NODE_TOTAL=1
        CI_COMMIT_SHA={head}
        CI_COMMIT_BEFORE_SHA=0000000000000000000000000000000000000000
        GITLAB_USER_LOGIN=ann
        > service gitlab-ci < GITLAB_CI
        > repository.slug g/sub/r < CI_PROJECT_PATH
        > repository.forge gitlab < GITLAB_CI
        > repository.host gitlab.example.com < CI_SERVER_HOST
        > run.id 500 < CI_PIPELINE_ID
        > run.number 41 < CI_PIPELINE_IID
        > run.url https://gitlab.example.com/g/sub/r/-/pipelines/500 < CI_PIPELINE_URL
        > job.id 77 < CI_JOB_ID
        > job.name test 2/3 < CI_JOB_NAME
        > job.url https://gitlab.example.com/g/sub/r/-/jobs/77 < CI_JOB_URL
        > node.total 1 < CI_NODE_TOTAL
        > actor ann < GITLAB_USER_LOGIN
        > commit.sha {head} < CI_COMMIT_SHA

        ## GitLab: a branch
        CI_COMMIT_BRANCH=main
        CI_COMMIT_REF_NAME=main
        > branch main < CI_COMMIT_BRANCH
        ## GitLab: second of three nodes, counted from 1 there
        CI_COMMIT_BRANCH=main
        CI_NODE_INDEX=2
        CI_NODE_TOTAL=3
        > branch main < CI_COMMIT_BRANCH
        > node.index 1 < CI_NODE_INDEX
        > node.total 3 < CI_NODE_TOTAL
        ## GitLab: the last of its nodes
        CI_COMMIT_BRANCH=main
        CI_NODE_INDEX=3
        CI_NODE_TOTAL=3
        > branch main < CI_COMMIT_BRANCH
        > node.index 2 < CI_NODE_INDEX
        > node.total 3 < CI_NODE_TOTAL
        ## GitLab: a node beyond the total is none
        CI_COMMIT_BRANCH=main
        CI_NODE_INDEX=4
        CI_NODE_TOTAL=3
        > branch main < CI_COMMIT_BRANCH
        > node.total 3 < CI_NODE_TOTAL
        ! CI_NODE_INDEX names the machine with index 3 of 3, which there is not
        ## GitLab: a node 0 is none, since it counts from 1
        CI_COMMIT_BRANCH=main
        CI_NODE_INDEX=0
        CI_NODE_TOTAL=3
        > branch main < CI_COMMIT_BRANCH
        > node.total 3 < CI_NODE_TOTAL
        ## GitLab: a detached merge request has the project's number, not the installation's
        CI_PIPELINE_SOURCE=merge_request_event
        CI_MERGE_REQUEST_EVENT_TYPE=detached
        CI_MERGE_REQUEST_ID=99999
        CI_MERGE_REQUEST_IID=12
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=
        CI_MERGE_REQUEST_PROJECT_PATH=g/sub/r
        CI_MERGE_REQUEST_PROJECT_ID=1
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID=1
        CI_COMMIT_REF_NAME=fix
        > repository.slug g/sub/r < CI_MERGE_REQUEST_PROJECT_PATH
        > branch fix < CI_MERGE_REQUEST_SOURCE_BRANCH_NAME
        > pullRequest.number 12 < CI_MERGE_REQUEST_IID
        > pullRequest.target main < CI_MERGE_REQUEST_TARGET_BRANCH_NAME
        > pullRequest.fork no < CI_MERGE_REQUEST_SOURCE_PROJECT_ID
        ## GitLab: a merged result is its head, not the merge
        CI_MERGE_REQUEST_EVENT_TYPE=merged_result
        CI_COMMIT_SHA={merge}
        CI_MERGE_REQUEST_IID=12
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA={head}
        CI_MERGE_REQUEST_PROJECT_PATH=g/sub/r
        CI_MERGE_REQUEST_PROJECT_ID=1
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID=1
        > repository.slug g/sub/r < CI_MERGE_REQUEST_PROJECT_PATH
        > commit.sha {head} < CI_MERGE_REQUEST_SOURCE_BRANCH_SHA
        > commit.mergeSHA {merge} < CI_COMMIT_SHA
        > branch fix < CI_MERGE_REQUEST_SOURCE_BRANCH_NAME
        > pullRequest.number 12 < CI_MERGE_REQUEST_IID
        > pullRequest.target main < CI_MERGE_REQUEST_TARGET_BRANCH_NAME
        > pullRequest.fork no < CI_MERGE_REQUEST_SOURCE_PROJECT_ID
        ## GitLab: a merge train
        CI_MERGE_REQUEST_EVENT_TYPE=merge_train
        CI_COMMIT_SHA={merge}
        CI_MERGE_REQUEST_IID=12
        CI_MERGE_REQUEST_REF_PATH=refs/merge-requests/12/train
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME=release/2
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA={head}
        CI_MERGE_REQUEST_PROJECT_ID=1
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID=1
        > commit.sha {head} < CI_MERGE_REQUEST_SOURCE_BRANCH_SHA
        > commit.mergeSHA {merge} < CI_COMMIT_SHA
        > branch fix < CI_MERGE_REQUEST_SOURCE_BRANCH_NAME
        > pullRequest.number 12 < CI_MERGE_REQUEST_IID
        > pullRequest.target release/2 < CI_MERGE_REQUEST_TARGET_BRANCH_NAME
        > pullRequest.fork no < CI_MERGE_REQUEST_SOURCE_PROJECT_ID
        ## GitLab: a merge request of a fork runs in the fork, but belongs to the target
        CI_PROJECT_PATH=stranger/r
        CI_MERGE_REQUEST_IID=12
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main
        CI_MERGE_REQUEST_PROJECT_PATH=g/sub/r
        CI_MERGE_REQUEST_PROJECT_ID=1
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID=2
        > repository.slug g/sub/r < CI_MERGE_REQUEST_PROJECT_PATH
        > branch fix < CI_MERGE_REQUEST_SOURCE_BRANCH_NAME
        > pullRequest.number 12 < CI_MERGE_REQUEST_IID
        > pullRequest.target main < CI_MERGE_REQUEST_TARGET_BRANCH_NAME
        > pullRequest.fork yes < CI_MERGE_REQUEST_SOURCE_PROJECT_ID
        ## GitLab: a tag is no branch
        CI_COMMIT_TAG=v1
        CI_COMMIT_REF_NAME=v1
        > tag v1 < CI_COMMIT_TAG
        ## GitLab: a schedule
        CI_PIPELINE_SOURCE=schedule
        CI_COMMIT_BRANCH=main
        > branch main < CI_COMMIT_BRANCH
        ## GitLab: a branch with an open merge request
        CI_COMMIT_BRANCH=fix
        CI_OPEN_MERGE_REQUESTS=g/sub/r!333
        > branch fix < CI_COMMIT_BRANCH
        > repository.slug g/sub/r < CI_OPEN_MERGE_REQUESTS
        > pullRequest.number 333 < CI_OPEN_MERGE_REQUESTS
        > pullRequest.fork no < CI_OPEN_MERGE_REQUESTS
        ## GitLab: a branch with several open merge requests takes the oldest of its own
        CI_COMMIT_BRANCH=fix
        CI_OPEN_MERGE_REQUESTS=up/r!2,g/sub/r!15,g/sub/r!12
        > branch fix < CI_COMMIT_BRANCH
        > repository.slug g/sub/r < CI_OPEN_MERGE_REQUESTS
        > pullRequest.number 12 < CI_OPEN_MERGE_REQUESTS
        > pullRequest.fork no < CI_OPEN_MERGE_REQUESTS
        ! several merge requests (up/r!2, g/sub/r!15, g/sub/r!12): !12 was taken
        ## GitLab: a fork's branch whose merge request is the upstream's
        CI_COMMIT_BRANCH=fix
        CI_OPEN_MERGE_REQUESTS=up/r!2
        > branch fix < CI_COMMIT_BRANCH
        > repository.slug up/r < CI_OPEN_MERGE_REQUESTS
        > pullRequest.number 2 < CI_OPEN_MERGE_REQUESTS
        > pullRequest.fork yes < CI_OPEN_MERGE_REQUESTS
        ## GitLab: open merge requests that are none
        CI_COMMIT_BRANCH=fix
        CI_OPEN_MERGE_REQUESTS=,!,g/r!x,g/r
        > branch fix < CI_COMMIT_BRANCH
        ## GitLab: a pipeline of a merge request lists open ones as well
        CI_MERGE_REQUEST_IID=12
        CI_OPEN_MERGE_REQUESTS=g/sub/r!3
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix
        > branch fix < CI_MERGE_REQUEST_SOURCE_BRANCH_NAME
        > pullRequest.number 12 < CI_MERGE_REQUEST_IID
        ## GitLab: an external pull request is GitHub's
        CI_PIPELINE_SOURCE=external_pull_request_event
        CI_EXTERNAL_PULL_REQUEST_IID=8
        CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY=o/r
        CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY=o/r
        CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME=fix
        CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA={head}
        CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME=main
        CI_COMMIT_BRANCH=fix
        > repository.slug o/r < CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY
        > repository.forge github < CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY
        > repository.host github.com < CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY
        > commit.sha {head} < CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA
        > branch fix < CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME
        > pullRequest.number 8 < CI_EXTERNAL_PULL_REQUEST_IID
        > pullRequest.target main < CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME
        > pullRequest.fork no < CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY
        ## GitLab: an external pull request of a fork
        CI_EXTERNAL_PULL_REQUEST_IID=8
        CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY=stranger/r
        CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY=o/r
        CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME=fix
        CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME=main
        > repository.slug o/r < CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY
        > repository.forge github < CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY
        > repository.host github.com < CI_EXTERNAL_PULL_REQUEST_TARGET_REPOSITORY
        > branch fix < CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME
        > pullRequest.number 8 < CI_EXTERNAL_PULL_REQUEST_IID
        > pullRequest.target main < CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_NAME
        > pullRequest.fork yes < CI_EXTERNAL_PULL_REQUEST_SOURCE_REPOSITORY
        ## GitLab: gitlab-ci-local says false and only pretends
        GITLAB_CI=false
        CI_COMMIT_BRANCH=main
        > branch main < CI_COMMIT_BRANCH
        > simulator gitlab-ci-local < GITLAB_CI
        ## GitLab: an old version without CI_COMMIT_BRANCH
        CI_COMMIT_REF_NAME=main
        > branch main < CI_COMMIT_REF_NAME
        ## GitLab: a very old one has other names
        -CI_COMMIT_SHA
        CI_BUILD_REF={head}
        CI_BUILD_REF_NAME=main
        > commit.sha {head} < CI_BUILD_REF
        > branch main < CI_BUILD_REF_NAME
        ## GitLab: the host by the project's URL, whose token nobody sees
        -CI_SERVER_HOST
        -CI_PROJECT_URL
        CI_COMMIT_BRANCH=main
        > branch main < CI_COMMIT_BRANCH
        > repository.host gitlab.example.com < CI_REPOSITORY_URL
        ## GitLab: the path by the clone's URL
        -CI_PROJECT_PATH
        CI_COMMIT_BRANCH=main
        > branch main < CI_COMMIT_BRANCH
        > repository.slug g/sub/r < CI_REPOSITORY_URL
        ## GitLab: a URL of a pipeline with credentials
        CI_PIPELINE_URL=https://u:secret@gitlab.example.com/g/sub/r/-/pipelines/500
        CI_COMMIT_BRANCH=main
        > branch main < CI_COMMIT_BRANCH
        ## GitLab: a commit of zeros is none
        CI_COMMIT_SHA=0000000000000000000000000000000000000000
        CI_COMMIT_BRANCH=main
        > -commit.sha
        > branch main < CI_COMMIT_BRANCH
        ## GitLab: gitlab.com
        CI_SERVER_HOST=gitlab.com
        CI_COMMIT_BRANCH=main
        > branch main < CI_COMMIT_BRANCH
        > repository.host gitlab.com < CI_SERVER_HOST
        ## GitLab: a runner in a Slurm allocation has Slurm's machines where the job has one
        CI_COMMIT_BRANCH=main
        SLURM_STEP_ID=0
        SLURM_PROCID=1
        SLURM_STEP_NUM_TASKS=2
        > branch main < CI_COMMIT_BRANCH
        > node.index 1 < SLURM_PROCID
        > node.total 2 < SLURM_STEP_NUM_TASKS
        ## GitLab: its own nodes win over Slurm's
        CI_COMMIT_BRANCH=main
        CI_NODE_INDEX=2
        CI_NODE_TOTAL=3
        SLURM_STEP_ID=0
        SLURM_PROCID=1
        SLURM_STEP_NUM_TASKS=2
        > branch main < CI_COMMIT_BRANCH
        > node.index 1 < CI_NODE_INDEX
        > node.total 3 < CI_NODE_TOTAL
        ## GitLab: code that is tested for another forge
        CI_COMMIT_BRANCH=main
        DTCI_FORGE=github
        DTCI_BUILD_REPOSITORY=git@github.com:o/r.git
        > branch main < CI_COMMIT_BRANCH
        > repository.forge github < DTCI_FORGE
        > repository.slug o/r < DTCI_BUILD_REPOSITORY
        > repository.host github.com < DTCI_BUILD_REPOSITORY

        """#)
}
