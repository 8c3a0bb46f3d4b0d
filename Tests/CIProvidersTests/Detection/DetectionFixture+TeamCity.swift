extension DetectionFixture {
    static let teamCity: [DetectionFixture] = FixtureBook.read(
        #"""
        TEAMCITY_VERSION=2025.11
        TEAMCITY_BUILDCONF_NAME=Tests
        TEAMCITY_BUILD_PROPERTIES_FILE=/b
        BUILD_NUMBER=42
        BUILD_VCS_NUMBER={head}
        BUILD_URL=https://tc.example.com/build/1001
        @/b #TeamCity build properties without 'system.' prefix
        @/b teamcity.build.id=1001
        @/b build.number=42
        @/b build.vcs.number={head}
        @/b teamcity.configuration.properties.file=/c
        @/c vcsroot.Root.url=https\://u\:secret@github.com/o/r.git
        > service teamcity < TEAMCITY_VERSION
        > repository.slug o/r < vcsroot.Root.url
        > repository.forge github < vcsroot.Root.url
        > repository.host github.com < vcsroot.Root.url
        > run.id 1001 < teamcity.build.id
        > run.number 42 < BUILD_NUMBER
        > run.url https://tc.example.com/build/1001 < BUILD_URL
        > job.name Tests < TEAMCITY_BUILDCONF_NAME
        > commit.sha {head} < build.vcs.number

        ## TeamCity: a branch, from the configuration's properties
        @/c teamcity.build.branch=refs/heads/main
        @/c teamcity.build.triggeredBy.username=ann
        > branch main < teamcity.build.branch
        > actor ann < teamcity.build.triggeredBy.username
        ## TeamCity: a branch by its logical name
        @/c teamcity.build.branch=feature/a
        > branch feature/a < teamcity.build.branch
        ## TeamCity: the default branch by the VCS root's own
        @/c teamcity.build.branch=<default>
        @/c teamcity.build.branch.is_default=true
        @/c teamcity.build.vcs.branch.Root=refs/heads/trunk
        > branch trunk < teamcity.build.vcs.branch.Root
        ## TeamCity: the default branch that only git knows
        @/c teamcity.build.branch=<default>
        git rev-parse {head}\ntrunk\n
        > branch trunk < git rev-parse HEAD
        ## TeamCity: a branch with Java's escapes
        @/c teamcity.build.branch=fix/\u00e4\u20ac\=x\:y
        > branch fix/ä€=x:y < teamcity.build.branch
        ## TeamCity: a pull request
        @/c teamcity.build.branch=pull/12
        @/c teamcity.pullRequest.number=12
        @/c teamcity.pullRequest.source.branch=fix
        @/c teamcity.pullRequest.target.branch=refs/heads/main
        > branch fix < teamcity.pullRequest.source.branch
        > pullRequest.number 12 < teamcity.pullRequest.number
        > pullRequest.target main < teamcity.pullRequest.target.branch
        ## TeamCity: a pull request of a fork looks like any other
        @/c teamcity.build.branch=refs/pull/12/head
        @/c teamcity.pullRequest.number=12
        @/c teamcity.pullRequest.author=stranger
        @/c teamcity.pullRequest.source.branch=refs/heads/fix
        @/c teamcity.pullRequest.target.branch=main
        > branch fix < teamcity.pullRequest.source.branch
        > pullRequest.number 12 < teamcity.pullRequest.number
        > pullRequest.target main < teamcity.pullRequest.target.branch
        ## TeamCity: GitHub's pull request without the build feature
        @/c teamcity.build.branch=refs/pull/12/head
        > pullRequest.number 12 < teamcity.build.branch
        ## TeamCity: GitLab's merge request without the build feature
        @/c teamcity.build.branch=merge-requests/12
        > pullRequest.number 12 < teamcity.build.branch
        ## TeamCity: Bitbucket's pull request without the build feature
        @/c teamcity.build.branch=pull-requests/12/from
        > pullRequest.number 12 < teamcity.build.branch
        ## TeamCity: Gerrit's change
        @/c teamcity.build.branch=changes/34
        > pullRequest.number 34 < teamcity.build.branch
        ## TeamCity: a number that the build configuration maps
        @/c teamcity.build.branch=fix
        TEAMCITY_PULLREQUEST_NUMBER=12
        > branch fix < teamcity.build.branch
        > pullRequest.number 12 < TEAMCITY_PULLREQUEST_NUMBER
        ## TeamCity: the pull request's page tells the forge of a host of one's own
        -@/c
        @/c teamcity.pullRequest.number=12
        @/c teamcity.pullRequest.source.branch=fix
        @/c teamcity.pullRequest.url=https\://git.corp/g/sub/r/-/merge_requests/12
        > branch fix < teamcity.pullRequest.source.branch
        > pullRequest.number 12 < teamcity.pullRequest.number
        > repository.slug g/sub/r < teamcity.pullRequest.url
        > repository.forge gitlab < teamcity.pullRequest.url
        > repository.host git.corp < teamcity.pullRequest.url
        ## TeamCity: a tag is no branch
        @/c teamcity.build.branch=refs/tags/v1
        > tag v1 < teamcity.build.branch
        ## TeamCity: second of three batches, counted from 1, in the first file
        @/b teamcity.build.parallelTests.currentBatch=2
        @/b teamcity.build.parallelTests.totalBatches=3
        @/c teamcity.build.branch=main
        > branch main < teamcity.build.branch
        > node.index 1 < teamcity.build.parallelTests.currentBatch
        > node.total 3 < teamcity.build.parallelTests.totalBatches
        ## TeamCity: batches in the second file
        @/c teamcity.build.parallelTests.currentBatch=3
        @/c teamcity.build.parallelTests.totalBatches=3
        @/c teamcity.build.branch=main
        > branch main < teamcity.build.branch
        > node.index 2 < teamcity.build.parallelTests.currentBatch
        > node.total 3 < teamcity.build.parallelTests.totalBatches
        ## TeamCity: a batch beyond the total
        @/c teamcity.build.parallelTests.currentBatch=4
        @/c teamcity.build.parallelTests.totalBatches=3
        @/c teamcity.build.branch=main
        > branch main < teamcity.build.branch
        > node.total 3 < teamcity.build.parallelTests.totalBatches
        ! teamcity.build.parallelTests.currentBatch names the machine with index 3 of 3
        ## TeamCity: several VCS roots, the first by name
        @/c vcsroot.Lib.url=git@bitbucket.org\:team/lib.git
        @/c teamcity.build.branch=main
        > repository.slug team/lib < vcsroot.Lib.url
        > repository.forge bitbucket < vcsroot.Lib.url
        > repository.host bitbucket.org < vcsroot.Lib.url
        > branch main < teamcity.build.branch
        ## TeamCity: several VCS roots have a commit each
        -@/b
        -BUILD_VCS_NUMBER
        @/b teamcity.build.id=1001
        @/b teamcity.configuration.properties.file=/c
        @/b build.vcs.number.Lib={head}
        @/b build.vcs.number.Root={base}
        @/c teamcity.build.branch=main
        > commit.sha {head} < build.vcs.number.Lib
        > branch main < teamcity.build.branch
        ## TeamCity: the commit by the root's own variable
        -@/b
        -BUILD_VCS_NUMBER
        @/b teamcity.build.id=1001
        @/b teamcity.configuration.properties.file=/c
        BUILD_VCS_NUMBER_Root={head}
        @/c teamcity.build.branch=main
        > commit.sha {head} < BUILD_VCS_NUMBER_Root
        > branch main < teamcity.build.branch
        ## TeamCity: a container in which the files are not
        -@/b
        git rev-parse {base}\nmain\n
        git config remote.origin.url https://github.com/o/r\n
        > commit.sha {head} < BUILD_VCS_NUMBER
        > run.id 42 < BUILD_NUMBER
        > branch main < git rev-parse HEAD
        > repository.slug o/r < git config remote.origin.url
        > repository.forge github < git config remote.origin.url
        > repository.host github.com < git config remote.origin.url
        ! TEAMCITY_BUILD_PROPERTIES_FILE names a file that is not there
        ## TeamCity: the second file is not there
        -@/c
        git rev-parse {head}\nmain\n
        git config remote.origin.url https://github.com/o/r\n
        > branch main < git rev-parse HEAD
        > repository.slug o/r < git config remote.origin.url
        > repository.forge github < git config remote.origin.url
        > repository.host github.com < git config remote.origin.url
        ! teamcity.configuration.properties.file names a file that is not there
        ## TeamCity: an old version without BUILD_URL
        -BUILD_URL
        @/c teamcity.serverUrl=https\://u\:secret@tc.example.com/
        @/c teamcity.build.branch=main
        > branch main < teamcity.build.branch
        > run.url https://tc.example.com/viewLog.html?buildId=1001 < teamcity.serverUrl
        ## TeamCity: an agent with leftovers of the Jenkins that started it
        JENKINS_URL=https://j.example.com/
        BUILD_URL=https://j.example.com/job/agents/7/
        GIT_COMMIT={base}
        BRANCH_NAME=agents
        CHANGE_ID=99
        @/c teamcity.build.branch=main
        @/c teamcity.serverUrl=https\://tc.example.com
        > branch main < teamcity.build.branch
        > run.url https://tc.example.com/viewLog.html?buildId=1001 < teamcity.serverUrl
        ## TeamCity: an agent with all of a Jenkins build's variables
        JENKINS_URL=https://j.example.com/
        JOB_NAME=agents
        BUILD_TAG=jenkins-agents-7
        @/c teamcity.build.branch=main
        > branch main < teamcity.build.branch
        ? teamcity jenkins
        ! the environment fits TeamCity and Jenkins: TeamCity was taken
        ## TeamCity: GitHub on an Enterprise Server
        -@/c
        @/c vcsroot.Root.url=https\://github.corp/o/r
        @/c teamcity.build.branch=main
        > branch main < teamcity.build.branch
        > repository.host github.corp < vcsroot.Root.url
        ## TeamCity: Azure Repos
        -@/c
        @/c vcsroot.Root.url=https\://org@dev.azure.com/org/p/_git/r
        @/c teamcity.build.branch=main
        > branch main < teamcity.build.branch
        > repository.slug org/p/r < vcsroot.Root.url
        > repository.forge azure-repos < vcsroot.Root.url
        > repository.host dev.azure.com < vcsroot.Root.url
        ## TeamCity: a build number that is no number
        BUILD_NUMBER=2.0.7-rc
        @/c teamcity.build.branch=main
        > branch main < teamcity.build.branch
        > run.number 2.0.7-rc < BUILD_NUMBER

        """#)
}
