extension DetectionFixture {
    static let azure: [DetectionFixture] = FixtureBook.read(
        #"""
        TF_BUILD=True
        SYSTEM_COLLECTIONURI=https://dev.azure.com/org/
        SYSTEM_TEAMFOUNDATIONCOLLECTIONURI=https://dev.azure.com/org/
        SYSTEM_TEAMPROJECT=my project
        BUILD_BUILDID=88
        BUILD_BUILDNUMBER=20260101.1
        BUILD_REQUESTEDFOR=Ann
        BUILD_SOURCEVERSION={head}
        BUILD_SOURCEBRANCH=refs/heads/main
        BUILD_REPOSITORY_PROVIDER=TfsGit
        BUILD_REPOSITORY_NAME=r
        BUILD_REPOSITORY_URI=https://org@dev.azure.com/org/my%20project/_git/r
        SYSTEM_JOBID=j-1
        SYSTEM_JOBDISPLAYNAME=Test
        SYSTEM_JOBATTEMPT=1
        SYSTEM_JOBPOSITIONINPHASE=1
        SYSTEM_TOTALJOBSINPHASE=1
        > service azure-pipelines < TF_BUILD
        > repository.slug my project/r < BUILD_REPOSITORY_NAME
        > repository.forge azure-repos < BUILD_REPOSITORY_PROVIDER
        > repository.host dev.azure.com < BUILD_REPOSITORY_URI
        > run.id 88 < BUILD_BUILDID
        > run.attempt 1 < SYSTEM_JOBATTEMPT
        > run.number 20260101.1 < BUILD_BUILDNUMBER
        > run.url https://dev.azure.com/org/my%20project/_build/results?buildId=88 < BUILD_BUILDID
        > job.id j-1 < SYSTEM_JOBID
        > job.name Test < SYSTEM_JOBDISPLAYNAME
        > job.url https://dev.azure.com/org/my%20project/_build/results?buildId=88&view=logs&j=j-1 < SYSTEM_JOBID
        > node.index 0 < SYSTEM_JOBPOSITIONINPHASE
        > node.total 1 < SYSTEM_TOTALJOBSINPHASE
        > actor Ann < BUILD_REQUESTEDFOR
        > commit.sha {head} < BUILD_SOURCEVERSION
        > branch main < BUILD_SOURCEBRANCH

        ## Azure: a branch
        ## Azure: a branch with slashes
        BUILD_SOURCEBRANCH=refs/heads/feature/a
        BUILD_SOURCEBRANCHNAME=a
        > branch feature/a < BUILD_SOURCEBRANCH
        ## Azure: third of four jobs, counted from 1 there
        SYSTEM_JOBPOSITIONINPHASE=3
        SYSTEM_TOTALJOBSINPHASE=4
        > node.index 2 < SYSTEM_JOBPOSITIONINPHASE
        > node.total 4 < SYSTEM_TOTALJOBSINPHASE
        ## Azure: a job beyond the total
        SYSTEM_JOBPOSITIONINPHASE=5
        SYSTEM_TOTALJOBSINPHASE=4
        > -node.index
        > node.total 4 < SYSTEM_TOTALJOBSINPHASE
        ! SYSTEM_JOBPOSITIONINPHASE names the machine with index 4 of 4
        ## Azure: another attempt of the job
        SYSTEM_JOBATTEMPT=3
        > run.attempt 3 < SYSTEM_JOBATTEMPT
        ## Azure: a tag is no branch
        BUILD_SOURCEBRANCH=refs/tags/v1
        > -branch
        > tag v1 < BUILD_SOURCEBRANCH
        ## Azure: a schedule
        BUILD_REASON=Schedule
        ## Azure: a pull request on Azure Repos
        BUILD_REASON=PullRequest
        BUILD_SOURCEBRANCH=refs/pull/5/merge
        BUILD_SOURCEVERSION={merge}
        SYSTEM_PULLREQUEST_SOURCECOMMITID={head}
        SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/fix
        SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main
        SYSTEM_PULLREQUEST_PULLREQUESTID=5
        SYSTEM_PULLREQUEST_ISFORK=False
        > commit.sha {head} < SYSTEM_PULLREQUEST_SOURCECOMMITID
        > commit.mergeSHA {merge} < BUILD_SOURCEVERSION
        > branch fix < SYSTEM_PULLREQUEST_SOURCEBRANCH
        > pullRequest.number 5 < BUILD_SOURCEBRANCH
        > pullRequest.target main < SYSTEM_PULLREQUEST_TARGETBRANCH
        > pullRequest.fork no < SYSTEM_PULLREQUEST_ISFORK
        ## Azure: a pull request of a fork on Azure Repos
        BUILD_SOURCEBRANCH=refs/pull/5/merge
        BUILD_SOURCEVERSION={merge}
        SYSTEM_PULLREQUEST_SOURCECOMMITID={head}
        SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/fix
        SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main
        SYSTEM_PULLREQUEST_PULLREQUESTID=5
        SYSTEM_PULLREQUEST_ISFORK=True
        > commit.sha {head} < SYSTEM_PULLREQUEST_SOURCECOMMITID
        > commit.mergeSHA {merge} < BUILD_SOURCEVERSION
        > branch fix < SYSTEM_PULLREQUEST_SOURCEBRANCH
        > pullRequest.number 5 < BUILD_SOURCEBRANCH
        > pullRequest.target main < SYSTEM_PULLREQUEST_TARGETBRANCH
        > pullRequest.fork yes < SYSTEM_PULLREQUEST_ISFORK
        ## Azure: a pull request on GitHub has GitHub's number, not the 64-bit id
        BUILD_REPOSITORY_PROVIDER=GitHub
        BUILD_REPOSITORY_NAME=o/r
        BUILD_REPOSITORY_URI=https://github.com/o/r
        BUILD_SOURCEBRANCH=refs/pull/12/merge
        BUILD_SOURCEVERSION={merge}
        SYSTEM_PULLREQUEST_SOURCECOMMITID={head}
        SYSTEM_PULLREQUEST_SOURCEBRANCH=fix
        SYSTEM_PULLREQUEST_TARGETBRANCH=main
        SYSTEM_PULLREQUEST_PULLREQUESTID=9007199254740993
        SYSTEM_PULLREQUEST_PULLREQUESTNUMBER=12
        SYSTEM_PULLREQUEST_ISFORK=True
        > repository.slug o/r < BUILD_REPOSITORY_NAME
        > repository.forge github < BUILD_REPOSITORY_PROVIDER
        > repository.host github.com < BUILD_REPOSITORY_URI
        > commit.sha {head} < SYSTEM_PULLREQUEST_SOURCECOMMITID
        > commit.mergeSHA {merge} < BUILD_SOURCEVERSION
        > branch fix < SYSTEM_PULLREQUEST_SOURCEBRANCH
        > pullRequest.number 12 < SYSTEM_PULLREQUEST_PULLREQUESTNUMBER
        > pullRequest.target main < SYSTEM_PULLREQUEST_TARGETBRANCH
        > pullRequest.fork yes < SYSTEM_PULLREQUEST_ISFORK
        ## Azure: a pull request on GitHub whose number only the ref tells
        BUILD_REPOSITORY_PROVIDER=GitHub
        BUILD_REPOSITORY_NAME=o/r
        BUILD_REPOSITORY_URI=https://github.com/o/r
        BUILD_SOURCEBRANCH=refs/pull/12/merge
        BUILD_SOURCEVERSION={merge}
        SYSTEM_PULLREQUEST_SOURCECOMMITID={head}
        SYSTEM_PULLREQUEST_SOURCEBRANCH=fix
        SYSTEM_PULLREQUEST_TARGETBRANCH=main
        SYSTEM_PULLREQUEST_PULLREQUESTID=2914438215
        > repository.slug o/r < BUILD_REPOSITORY_NAME
        > repository.forge github < BUILD_REPOSITORY_PROVIDER
        > repository.host github.com < BUILD_REPOSITORY_URI
        > commit.sha {head} < SYSTEM_PULLREQUEST_SOURCECOMMITID
        > commit.mergeSHA {merge} < BUILD_SOURCEVERSION
        > branch fix < SYSTEM_PULLREQUEST_SOURCEBRANCH
        > pullRequest.number 12 < BUILD_SOURCEBRANCH
        > pullRequest.target main < SYSTEM_PULLREQUEST_TARGETBRANCH
        ## Azure: GitHub's own branch names
        BUILD_REPOSITORY_PROVIDER=GitHub
        BUILD_REPOSITORY_NAME=o/r
        BUILD_REPOSITORY_URI=https://github.com/o/r
        > repository.slug o/r < BUILD_REPOSITORY_NAME
        > repository.forge github < BUILD_REPOSITORY_PROVIDER
        > repository.host github.com < BUILD_REPOSITORY_URI
        ## Azure: an Enterprise Server of GitHub
        BUILD_REPOSITORY_PROVIDER=GitHubEnterprise
        BUILD_REPOSITORY_NAME=o/r
        BUILD_REPOSITORY_URI=https://token:secret@ghe.corp/o/r
        > repository.slug o/r < BUILD_REPOSITORY_NAME
        > repository.forge github < BUILD_REPOSITORY_PROVIDER
        > repository.host ghe.corp < BUILD_REPOSITORY_URI
        ## Azure: a pull request on Bitbucket
        BUILD_REPOSITORY_PROVIDER=Bitbucket
        BUILD_REPOSITORY_NAME=team/r
        BUILD_REPOSITORY_URI=https://bitbucket.org/team/r.git
        BUILD_SOURCEBRANCH=refs/heads/fix
        SYSTEM_PULLREQUEST_SOURCECOMMITID={head}
        SYSTEM_PULLREQUEST_SOURCEBRANCH=fix
        SYSTEM_PULLREQUEST_TARGETBRANCH=main
        SYSTEM_PULLREQUEST_PULLREQUESTID=3
        > repository.slug team/r < BUILD_REPOSITORY_NAME
        > repository.forge bitbucket < BUILD_REPOSITORY_PROVIDER
        > repository.host bitbucket.org < BUILD_REPOSITORY_URI
        > commit.sha {head} < SYSTEM_PULLREQUEST_SOURCECOMMITID
        > branch fix < SYSTEM_PULLREQUEST_SOURCEBRANCH
        > pullRequest.number 3 < SYSTEM_PULLREQUEST_PULLREQUESTID
        > pullRequest.target main < SYSTEM_PULLREQUEST_TARGETBRANCH
        ## Azure: some other git server
        BUILD_REPOSITORY_PROVIDER=Git
        BUILD_REPOSITORY_NAME=g/r
        BUILD_REPOSITORY_URI=https://gitlab.corp/g/r.git
        > repository.slug g/r < BUILD_REPOSITORY_NAME
        > repository.forge gitlab < BUILD_REPOSITORY_URI
        > repository.host gitlab.corp < BUILD_REPOSITORY_URI
        ## Azure: an organization with its old address
        SYSTEM_COLLECTIONURI=https://org.visualstudio.com/
        BUILD_REPOSITORY_URI=https://org.visualstudio.com/my%20project/_git/r
        > repository.host org.visualstudio.com < BUILD_REPOSITORY_URI
        > run.url https://org.visualstudio.com/my%20project/_build/results?buildId=88 < BUILD_BUILDID
        > job.url https://org.visualstudio.com/my%20project/_build/results?buildId=88&view=logs&j=j-1 < SYSTEM_JOBID
        ## Azure: a server of one's own, with a collection
        SYSTEM_COLLECTIONURI=https://tfs.corp/tfs/Main
        BUILD_REPOSITORY_URI=https://tfs.corp/tfs/Main/p/_git/r
        > repository.host tfs.corp < BUILD_REPOSITORY_URI
        > run.url https://tfs.corp/tfs/Main/my%20project/_build/results?buildId=88 < BUILD_BUILDID
        > job.url https://tfs.corp/tfs/Main/my%20project/_build/results?buildId=88&view=logs&j=j-1 < SYSTEM_JOBID
        ## Azure: an old server without SYSTEM_COLLECTIONURI
        -SYSTEM_COLLECTIONURI
        SYSTEM_TEAMFOUNDATIONCOLLECTIONURI=https://tfs.corp/Main/
        > run.url https://tfs.corp/Main/my%20project/_build/results?buildId=88 < BUILD_BUILDID
        > job.url https://tfs.corp/Main/my%20project/_build/results?buildId=88&view=logs&j=j-1 < SYSTEM_JOBID
        ## Azure: an old server names no head; the merge's second parent is
        BUILD_SOURCEBRANCH=refs/pull/5/merge
        BUILD_SOURCEVERSION={merge}
        SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/fix
        SYSTEM_PULLREQUEST_PULLREQUESTID=5
        git cat-file tree {base}\nparent {base}\nparent {head}\n\nMerge pull request 5 from fix into main\n
        > commit.sha {head} < git cat-file commit BUILD_SOURCEVERSION
        > commit.mergeSHA {merge} < BUILD_SOURCEVERSION
        > branch fix < SYSTEM_PULLREQUEST_SOURCEBRANCH
        > pullRequest.number 5 < BUILD_SOURCEBRANCH
        ## Azure: the target by its short name
        BUILD_SOURCEBRANCH=refs/pull/5/merge
        SYSTEM_PULLREQUEST_SOURCECOMMITID={head}
        SYSTEM_PULLREQUEST_SOURCEBRANCH=refs/heads/fix
        SYSTEM_PULLREQUEST_TARGETBRANCHNAME=main
        SYSTEM_PULLREQUEST_PULLREQUESTID=5
        > commit.sha {head} < SYSTEM_PULLREQUEST_SOURCECOMMITID
        > branch fix < SYSTEM_PULLREQUEST_SOURCEBRANCH
        > pullRequest.number 5 < BUILD_SOURCEBRANCH
        > pullRequest.target main < SYSTEM_PULLREQUEST_TARGETBRANCHNAME
        ## Azure: a target without a pull request is none
        SYSTEM_PULLREQUEST_TARGETBRANCH=refs/heads/main
        SYSTEM_PULLREQUEST_ISFORK=False
        ## Azure: a job of a container tells its agent's name
        -SYSTEM_JOBDISPLAYNAME
        AGENT_JOBNAME=Test linux
        > job.name Test linux < AGENT_JOBNAME
        ## Azure: a display string for a number
        BUILD_BUILDNUMBER=Release 7 (nightly)
        > run.number Release 7 (nightly) < BUILD_BUILDNUMBER
        ## Azure: a deployment that knows no repository asks git
        -BUILD_REPOSITORY_PROVIDER
        -BUILD_REPOSITORY_NAME
        -BUILD_REPOSITORY_URI
        git config remote.origin.url git@ssh.dev.azure.com:v3/org/project/r\n
        > repository.slug org/project/r < git config remote.origin.url
        > repository.host ssh.dev.azure.com < git config remote.origin.url
        > repository.forge azure-repos < git config remote.origin.url
        ## Azure: BUILD_NUMBER and JENKINS_URL of an agent that Jenkins started
        JENKINS_URL=https://j/
        JOB_NAME=agents
        ? azure-pipelines jenkins
        ! the environment fits Azure Pipelines and Jenkins: Azure Pipelines was taken
        ## Azure: a build of a project without a page
        -SYSTEM_TEAMPROJECT
        > repository.slug r < BUILD_REPOSITORY_NAME
        > -run.url
        > -job.url

        """#)
}
