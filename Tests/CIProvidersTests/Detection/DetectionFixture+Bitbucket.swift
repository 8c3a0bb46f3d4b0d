extension DetectionFixture {
    static let bitbucket: [DetectionFixture] = FixtureBook.read(
        #"""
        CI=true
        BITBUCKET_BUILD_NUMBER=19
        BITBUCKET_PIPELINE_UUID={p-1}
        BITBUCKET_STEP_UUID={s-1}
        BITBUCKET_STEP_TRIGGERER_UUID={u-1}
        BITBUCKET_REPO_FULL_NAME=team/r
        BITBUCKET_REPO_SLUG=r
        BITBUCKET_WORKSPACE=team
        BITBUCKET_COMMIT={head}
        BITBUCKET_BRANCH=main
        BITBUCKET_GIT_HTTP_ORIGIN=http://bitbucket.org/team/r
        BITBUCKET_GIT_SSH_ORIGIN=git@bitbucket.org:team/r.git
        > service bitbucket-pipelines < BITBUCKET_BUILD_NUMBER
        > repository.slug team/r < BITBUCKET_REPO_FULL_NAME
        > repository.forge bitbucket < BITBUCKET_BUILD_NUMBER
        > repository.host bitbucket.org < BITBUCKET_GIT_HTTP_ORIGIN
        > run.id 19 < BITBUCKET_BUILD_NUMBER
        > run.number 19 < BITBUCKET_BUILD_NUMBER
        > run.url https://bitbucket.org/team/r/addon/pipelines/home#!/results/19 < BITBUCKET_BUILD_NUMBER
        > job.id s-1 < BITBUCKET_STEP_UUID
        > actor u-1 < BITBUCKET_STEP_TRIGGERER_UUID
        > commit.sha {head} < BITBUCKET_COMMIT
        > branch main < BITBUCKET_BRANCH

        ## Bitbucket: a branch
        ## Bitbucket: a branch with slashes
        BITBUCKET_BRANCH=feature/a
        > branch feature/a < BITBUCKET_BRANCH
        ## Bitbucket: second of three parallel steps, counted from 0
        BITBUCKET_PARALLEL_STEP=1
        BITBUCKET_PARALLEL_STEP_COUNT=3
        > node.index 1 < BITBUCKET_PARALLEL_STEP
        > node.total 3 < BITBUCKET_PARALLEL_STEP_COUNT
        ## Bitbucket: the first parallel step
        BITBUCKET_PARALLEL_STEP=0
        BITBUCKET_PARALLEL_STEP_COUNT=3
        > node.index 0 < BITBUCKET_PARALLEL_STEP
        > node.total 3 < BITBUCKET_PARALLEL_STEP_COUNT
        ## Bitbucket: a step beyond the count
        BITBUCKET_PARALLEL_STEP=3
        BITBUCKET_PARALLEL_STEP_COUNT=3
        > node.total 3 < BITBUCKET_PARALLEL_STEP_COUNT
        ! BITBUCKET_PARALLEL_STEP names the machine with index 3 of 3
        ## Bitbucket: a step of a negative number
        BITBUCKET_PARALLEL_STEP=-1
        BITBUCKET_PARALLEL_STEP_COUNT=3
        > node.total 3 < BITBUCKET_PARALLEL_STEP_COUNT
        ! BITBUCKET_PARALLEL_STEP names the machine with index -1 of 3
        ## Bitbucket: a pull request
        BITBUCKET_BRANCH=fix
        BITBUCKET_PR_ID=12
        BITBUCKET_PR_DESTINATION_BRANCH=main
        BITBUCKET_PR_DESTINATION_COMMIT=333333333333
        > branch fix < BITBUCKET_BRANCH
        > pullRequest.number 12 < BITBUCKET_PR_ID
        > pullRequest.target main < BITBUCKET_PR_DESTINATION_BRANCH
        ## Bitbucket: a pull request in parallel steps
        BITBUCKET_BRANCH=fix
        BITBUCKET_PR_ID=12
        BITBUCKET_PR_DESTINATION_BRANCH=release/2
        BITBUCKET_PARALLEL_STEP=2
        BITBUCKET_PARALLEL_STEP_COUNT=3
        > branch fix < BITBUCKET_BRANCH
        > pullRequest.number 12 < BITBUCKET_PR_ID
        > pullRequest.target release/2 < BITBUCKET_PR_DESTINATION_BRANCH
        > node.index 2 < BITBUCKET_PARALLEL_STEP
        > node.total 3 < BITBUCKET_PARALLEL_STEP_COUNT
        ## Bitbucket: a pull request without a target
        BITBUCKET_BRANCH=fix
        BITBUCKET_PR_ID=12
        > branch fix < BITBUCKET_BRANCH
        > pullRequest.number 12 < BITBUCKET_PR_ID
        ## Bitbucket: a pipeline of a fork runs in the fork; no variable tells of the parent
        BITBUCKET_REPO_FULL_NAME=stranger/r
        BITBUCKET_GIT_HTTP_ORIGIN=http://bitbucket.org/stranger/r
        > repository.slug stranger/r < BITBUCKET_REPO_FULL_NAME
        > run.url https://bitbucket.org/stranger/r/addon/pipelines/home#!/results/19 < BITBUCKET_BUILD_NUMBER
        ## Bitbucket: a tag has no branch
        BITBUCKET_BRANCH=
        BITBUCKET_TAG=v1
        > -branch
        > tag v1 < BITBUCKET_TAG
        ## Bitbucket: a custom pipeline of a branch
        BITBUCKET_BRANCH=nightly
        > branch nightly < BITBUCKET_BRANCH
        ## Bitbucket: a custom pipeline of a commit has no branch but git's
        -BITBUCKET_BRANCH
        git rev-parse {head}\nmain\n
        > branch main < git rev-parse HEAD
        ## Bitbucket: a custom pipeline whose clone is detached
        -BITBUCKET_BRANCH
        git rev-parse {head}\nHEAD\n
        > -branch
        ## Bitbucket: a schedule
        BITBUCKET_BRANCH=main
        ## Bitbucket: an old pipeline with a commit of 12 characters
        BITBUCKET_COMMIT=111111111111
        > commit.sha 111111111111 < BITBUCKET_COMMIT
        ## Bitbucket: a step that was started again
        BITBUCKET_STEP_RUN_NUMBER=2
        > run.attempt 2 < BITBUCKET_STEP_RUN_NUMBER
        ## Bitbucket: the pipeline's id where it has no number
        -BITBUCKET_BUILD_NUMBER
        > service bitbucket-pipelines < BITBUCKET_PIPELINE_UUID
        > repository.forge bitbucket < BITBUCKET_PIPELINE_UUID
        > run.id p-1 < BITBUCKET_PIPELINE_UUID
        > -run.number
        > -run.url
        ## Bitbucket: ids without braces
        BITBUCKET_STEP_UUID=s-1
        ## Bitbucket: the slug by the clone's URL
        -BITBUCKET_REPO_FULL_NAME
        > repository.slug team/r < BITBUCKET_GIT_HTTP_ORIGIN
        > -run.url
        ## Bitbucket: the host by the clone over SSH
        -BITBUCKET_GIT_HTTP_ORIGIN
        > repository.host bitbucket.org < BITBUCKET_GIT_SSH_ORIGIN
        ## Bitbucket: the host is known without any URL
        -BITBUCKET_GIT_HTTP_ORIGIN
        -BITBUCKET_GIT_SSH_ORIGIN
        > repository.host bitbucket.org < BITBUCKET_BUILD_NUMBER
        ## Bitbucket: a clone's URL with a token
        BITBUCKET_GIT_HTTP_ORIGIN=https://x-token-auth:secret@bitbucket.org/team/r
        ## Bitbucket: nobody triggered it
        -BITBUCKET_STEP_TRIGGERER_UUID
        > -actor
        ## Bitbucket: the number 0 is no pull request
        BITBUCKET_PR_ID=0
        BITBUCKET_PR_DESTINATION_BRANCH=main
        ## Bitbucket: a runner that is a Slurm task
        SLURM_STEP_ID=0
        SLURM_PROCID=3
        SLURM_NTASKS=4
        > node.index 3 < SLURM_PROCID
        > node.total 4 < SLURM_NTASKS

        """#)
}
