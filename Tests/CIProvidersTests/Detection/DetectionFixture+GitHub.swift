extension DetectionFixture {
    static let gitHub: [DetectionFixture] = FixtureBook.read(
        #"""
        CI=true
        GITHUB_ACTIONS=true
        GITHUB_SERVER_URL=https://github.com
        GITHUB_API_URL=https://api.github.com
        GITHUB_REPOSITORY=o/r
        GITHUB_RUN_ID=900
        GITHUB_RUN_ATTEMPT=2
        GITHUB_RUN_NUMBER=31
        GITHUB_JOB=test
        GITHUB_ACTOR=ann
        GITHUB_EVENT_NAME=push
        GITHUB_SHA={head}
        GITHUB_REF=refs/heads/main
        GITHUB_HEAD_REF=
        GITHUB_BASE_REF=
        > service github-actions < GITHUB_ACTIONS
        > repository.slug o/r < GITHUB_REPOSITORY
        > repository.forge github < GITHUB_ACTIONS
        > repository.host github.com < GITHUB_SERVER_URL
        > run.id 900 < GITHUB_RUN_ID
        > run.attempt 2 < GITHUB_RUN_ATTEMPT
        > run.number 31 < GITHUB_RUN_NUMBER
        > run.url https://github.com/o/r/actions/runs/900/attempts/2 < GITHUB_RUN_ID
        > job.name test < GITHUB_JOB
        > actor ann < GITHUB_ACTOR
        > commit.sha {head} < GITHUB_SHA
        > branch main < GITHUB_REF

        ## GitHub: a push
        ## GitHub: a push to a branch with slashes
        GITHUB_REF=refs/heads/feature/a/b
        > branch feature/a/b < GITHUB_REF
        ## GitHub: a push whose event tells nothing more
        GITHUB_EVENT_PATH=/e
        @/e {"ref": "refs/heads/main", "after": "{head}", "head_commit": {"id": "{head}"}}
        ## GitHub: a re-run names who started it again
        GITHUB_TRIGGERING_ACTOR=bob
        > actor bob < GITHUB_TRIGGERING_ACTOR
        ## GitHub: a tag is no branch
        GITHUB_REF=refs/tags/v1/rc
        > -branch
        > tag v1/rc < GITHUB_REF
        ## GitHub: a release runs on its tag
        GITHUB_EVENT_NAME=release
        GITHUB_REF=refs/tags/v2
        GITHUB_EVENT_PATH=/e
        @/e {"action": "published", "release": {"tag_name": "v2"}}
        > -branch
        > tag v2 < GITHUB_REF
        ## GitHub: a schedule runs on the default branch
        GITHUB_EVENT_NAME=schedule
        GITHUB_EVENT_PATH=/e
        @/e {"schedule": "17 3 * * *"}
        ## GitHub: a run by hand
        GITHUB_EVENT_NAME=workflow_dispatch
        GITHUB_EVENT_PATH=/e
        @/e {"inputs": null, "ref": "refs/heads/main"}
        ## GitHub: a pull request is its head, not the test merge
        GITHUB_EVENT_NAME=pull_request
        GITHUB_SHA={merge}
        GITHUB_REF=refs/pull/12/merge
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        @/e {"number": 12, "pull_request": {"number": 12, "base": {"ref": "main", "sha": "{base}"},
        @/e "head": {"ref": "fix", "sha": "{head}", "repo": {"full_name": "o/r"}}}}
        > commit.sha {head} < {event} pull_request.head.sha
        > commit.mergeSHA {merge} < GITHUB_SHA
        > branch fix < {event} pull_request.head.ref
        > pullRequest.number 12 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork no < {event} pull_request.head.repo.full_name
        ## GitHub: a pull request of a fork
        GITHUB_EVENT_NAME=pull_request
        GITHUB_SHA={merge}
        GITHUB_REF=refs/pull/12/merge
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        @/e {"pull_request": {"number": 12, "base": {"ref": "main"},
        @/e "head": {"ref": "fix", "sha": "{head}", "repo": {"full_name": "stranger/r"}}}}
        > commit.sha {head} < {event} pull_request.head.sha
        > commit.mergeSHA {merge} < GITHUB_SHA
        > branch fix < {event} pull_request.head.ref
        > pullRequest.number 12 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork yes < {event} pull_request.head.repo.full_name
        ## GitHub: a fork that was deleted is still one
        GITHUB_EVENT_NAME=pull_request
        GITHUB_SHA={merge}
        GITHUB_REF=refs/pull/12/merge
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        @/e {"pull_request": {"number": 12, "base": {"ref": "main"}, "head": {"ref": "fix", "sha": "{head}", "repo": null}}}
        > commit.sha {head} < {event} pull_request.head.sha
        > commit.mergeSHA {merge} < GITHUB_SHA
        > branch fix < {event} pull_request.head.ref
        > pullRequest.number 12 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork yes < {event} pull_request.head.repo.full_name
        ## GitHub: pull_request_target runs on the base, but is about the head
        GITHUB_EVENT_NAME=pull_request_target
        GITHUB_SHA={base}
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        @/e {"pull_request": {"number": 12, "base": {"ref": "main"},
        @/e "head": {"ref": "fix", "sha": "{head}", "repo": {"full_name": "stranger/r"}}}}
        > commit.sha {head} < {event} pull_request.head.sha
        > branch fix < {event} pull_request.head.ref
        > pullRequest.number 12 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork yes < {event} pull_request.head.repo.full_name
        ## GitHub: pull_request_target without its event knows no head
        GITHUB_EVENT_NAME=pull_request_target
        GITHUB_SHA={base}
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        > -commit.sha
        > branch fix < GITHUB_HEAD_REF
        ! the head commit is unknown: GITHUB_SHA is the base's in pull_request_target
        ## GitHub: a review is of the pull request's head
        GITHUB_EVENT_NAME=pull_request_review
        GITHUB_SHA={merge}
        GITHUB_REF=refs/pull/12/merge
        GITHUB_EVENT_PATH=/e
        @/e {"review": {"id": 1}, "pull_request": {"number": 12, "base": {"ref": "main"},
        @/e "head": {"ref": "fix", "sha": "{head}", "repo": {"full_name": "o/r"}}}}
        > commit.sha {head} < {event} pull_request.head.sha
        > commit.mergeSHA {merge} < GITHUB_SHA
        > branch fix < {event} pull_request.head.ref
        > pullRequest.number 12 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork no < {event} pull_request.head.repo.full_name
        ## GitHub: a pull request that was merged is about its head still
        GITHUB_EVENT_NAME=pull_request
        GITHUB_SHA={merge}
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        @/e {"action": "closed", "pull_request": {"number": 12, "merged": true, "base": {"ref": "main"},
        @/e "head": {"ref": "fix", "sha": "{head}", "repo": {"full_name": "o/r"}}}}
        > commit.sha {head} < {event} pull_request.head.sha
        > branch fix < {event} pull_request.head.ref
        > pullRequest.number 12 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork no < {event} pull_request.head.repo.full_name
        ## GitHub: without the event's file, the merge's second parent is the head, also in a shallow clone
        GITHUB_EVENT_NAME=pull_request
        GITHUB_SHA={merge}
        GITHUB_REF=refs/pull/12/merge
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        git cat-file tree {base}\nparent {base}\nparent {head}\nauthor a\n\nMerge {head} into {base}\n
        > commit.sha {head} < git cat-file commit GITHUB_SHA
        > commit.mergeSHA {merge} < GITHUB_SHA
        > branch fix < GITHUB_HEAD_REF
        > pullRequest.number 12 < GITHUB_REF
        > pullRequest.target main < GITHUB_BASE_REF
        ## GitHub: a merge that nobody can look into is not taken for the head
        GITHUB_EVENT_NAME=pull_request
        GITHUB_SHA={merge}
        GITHUB_REF=refs/pull/12/merge
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        git cat-file
        > -commit.sha
        > commit.mergeSHA {merge} < GITHUB_SHA
        > branch fix < GITHUB_HEAD_REF
        > pullRequest.number 12 < GITHUB_REF
        > pullRequest.target main < GITHUB_BASE_REF
        ! GITHUB_EVENT_PATH names a file that is not there
        ! the head commit is unknown: GITHUB_SHA is a merge that only tests it
        ## GitHub: workflow_run is about the run's head and the pull request of its branch
        GITHUB_EVENT_NAME=workflow_run
        GITHUB_SHA={base}
        GITHUB_EVENT_PATH=/e
        @/e {"workflow_run": {"head_sha": "{head}", "head_branch": "fix", "pull_requests": [
        @/e {"number": 3, "head": {"ref": "other"}}, {"number": 4, "head": {"ref": "fix"}, "base": {"ref": "dev"}}]}}
        > commit.sha {head} < {event} workflow_run.head_sha
        > branch fix < {event} workflow_run.head_branch
        > pullRequest.number 4 < {event} workflow_run.pull_requests
        > pullRequest.target dev < {event} workflow_run.pull_requests
        > pullRequest.fork no < {event} workflow_run.pull_requests
        ## GitHub: workflow_run of a fork lists no pull request
        GITHUB_EVENT_NAME=workflow_run
        GITHUB_SHA={base}
        GITHUB_EVENT_PATH=/e
        @/e {"workflow_run": {"head_sha": "{head}", "head_branch": "fix", "pull_requests": [],
        @/e "head_repository": {"full_name": "stranger/r"}}}
        > commit.sha {head} < {event} workflow_run.head_sha
        > branch fix < {event} workflow_run.head_branch
        ## GitHub: check_suite is about the suite's head
        GITHUB_EVENT_NAME=check_suite
        GITHUB_SHA={base}
        GITHUB_EVENT_PATH=/e
        @/e {"check_suite": {"head_sha": "{head}", "head_branch": "fix",
        @/e "pull_requests": [{"number": 4, "head": {"ref": "fix", "sha": "{head}"}, "base": {"ref": "main"}}]}}
        > commit.sha {head} < {event} check_suite.head_sha
        > branch fix < {event} check_suite.head_branch
        > pullRequest.number 4 < {event} check_suite.pull_requests
        > pullRequest.target main < {event} check_suite.pull_requests
        > pullRequest.fork no < {event} check_suite.pull_requests
        ## GitHub: check_run is about its suite's head
        GITHUB_EVENT_NAME=check_run
        GITHUB_SHA={base}
        GITHUB_EVENT_PATH=/e
        @/e {"check_run": {"check_suite": {"head_sha": "{head}", "head_branch": "fix", "pull_requests": []}}}
        > commit.sha {head} < {event} check_run.check_suite.head_sha
        > branch fix < {event} check_run.check_suite.head_branch
        ## GitHub: a merge queue builds the queue's own commit
        GITHUB_EVENT_NAME=merge_group
        GITHUB_REF=refs/heads/gh-readonly-queue/main/pr-12-{base}
        GITHUB_EVENT_PATH=/e
        @/e {"merge_group": {"head_sha": "{head}", "base_ref": "refs/heads/main"}}
        > branch gh-readonly-queue/main/pr-12-{base} < GITHUB_REF
        > pullRequest.number 12 < GITHUB_REF
        > pullRequest.target main < GITHUB_REF
        ## GitHub: a merge queue whose target has slashes
        GITHUB_EVENT_NAME=merge_group
        GITHUB_REF=refs/heads/gh-readonly-queue/release/2.0/x/pr-7-{base}
        > branch gh-readonly-queue/release/2.0/x/pr-7-{base} < GITHUB_REF
        > pullRequest.number 7 < GITHUB_REF
        > pullRequest.target release/2.0/x < GITHUB_REF
        ## GitHub: a branch that only looks like a queue's
        GITHUB_REF=refs/heads/gh-readonly-queue/main/pr-x-1
        > branch gh-readonly-queue/main/pr-x-1 < GITHUB_REF
        ## GitHub: act only pretends
        ACT=true
        > simulator act < ACT
        ## GitHub: an Enterprise Server, credentials in its URL and all
        GITHUB_SERVER_URL=https://u:secret@ghe.corp:8443/
        > repository.host ghe.corp < GITHUB_SERVER_URL
        > run.url https://ghe.corp:8443/o/r/actions/runs/900/attempts/2 < GITHUB_RUN_ID
        ## GitHub: a step that is told its check run's number
        JOB_CHECK_RUN_ID=123456
        > job.id 123456 < JOB_CHECK_RUN_ID
        > job.url https://github.com/o/r/actions/runs/900/job/123456 < JOB_CHECK_RUN_ID
        ## GitHub: the strategy's index and total, handed over by the workflow
        CI_NODE_INDEX=0
        CI_NODE_TOTAL=4
        > node.index 0 < CI_NODE_INDEX
        > node.total 4 < CI_NODE_TOTAL
        ## GitHub: dependabot's pull request is none of a fork
        GITHUB_ACTOR=dependabot[bot]
        GITHUB_EVENT_NAME=pull_request
        GITHUB_SHA={merge}
        GITHUB_REF=refs/pull/12/merge
        GITHUB_HEAD_REF=dependabot/npm/x-1.2
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        @/e {"pull_request": {"number": 12, "base": {"ref": "main"}, "head": {"ref": "dependabot/npm/x-1.2",
        @/e "sha": "{head}", "repo": {"full_name": "o/r"}}}}
        > actor dependabot[bot] < GITHUB_ACTOR
        > commit.sha {head} < {event} pull_request.head.sha
        > commit.mergeSHA {merge} < GITHUB_SHA
        > branch dependabot/npm/x-1.2 < {event} pull_request.head.ref
        > pullRequest.number 12 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork no < {event} pull_request.head.repo.full_name
        ## GitHub: an older server tells no attempt
        -GITHUB_RUN_ATTEMPT
        > -run.attempt
        > run.url https://github.com/o/r/actions/runs/900 < GITHUB_RUN_ID
        ## GitHub: a Jenkins beside it is named, and passed over
        JENKINS_URL=https://j/
        BUILD_TAG=jenkins-x-1
        GIT_COMMIT={base}
        ? github-actions jenkins
        ! the environment fits GitHub Actions and Jenkins: GitHub Actions was taken
        ## GitHub: users overrule single facts
        DTCI_BUILD_COMMIT={base}
        DTCI_BUILD_BRANCH=refs/heads/mine
        DTCI_BUILD_PULL_REQUEST=https://github.com/o/r/pull/99
        DTCI_BUILD_TARGET=main
        > commit.sha {base} < DTCI_BUILD_COMMIT
        > branch mine < DTCI_BUILD_BRANCH
        > pullRequest.number 99 < DTCI_BUILD_PULL_REQUEST
        > pullRequest.target main < DTCI_BUILD_TARGET

        """#)

    static let actions: [DetectionFixture] = FixtureBook.read(
        #"""
        CI=true
        GITHUB_ACTIONS=true
        GITEA_ACTIONS=true
        GITHUB_SERVER_URL=https://git.example.com
        GITHUB_API_URL=https://git.example.com/api/v1
        GITHUB_REPOSITORY=o/r
        GITHUB_RUN_ID=9
        GITHUB_RUN_NUMBER=3
        GITHUB_JOB=test
        GITHUB_ACTOR=ann
        GITHUB_EVENT_NAME=push
        GITHUB_SHA={head}
        GITHUB_REF=refs/heads/main
        > service gitea-actions < GITEA_ACTIONS
        > repository.slug o/r < GITHUB_REPOSITORY
        > repository.forge gitea < GITEA_ACTIONS
        > repository.host git.example.com < GITHUB_SERVER_URL
        > run.id 9 < GITHUB_RUN_ID
        > run.number 3 < GITHUB_RUN_NUMBER
        > run.url https://git.example.com/o/r/actions/runs/9 < GITHUB_RUN_ID
        > job.name test < GITHUB_JOB
        > actor ann < GITHUB_ACTOR
        > commit.sha {head} < GITHUB_SHA
        > branch main < GITHUB_REF

        ## Gitea: a push; the mirrored variables make it no GitHub
        ## Gitea: a pull request of a fork
        GITHUB_EVENT_NAME=pull_request
        GITHUB_SHA={merge}
        GITHUB_REF=refs/pull/5/head
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        @/e {"pull_request": {"number": 5, "base": {"ref": "main"},
        @/e "head": {"ref": "fix", "sha": "{head}", "repo": {"full_name": "stranger/r"}}}}
        > commit.sha {head} < {event} pull_request.head.sha
        > commit.mergeSHA {merge} < GITHUB_SHA
        > branch fix < {event} pull_request.head.ref
        > pullRequest.number 5 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork yes < {event} pull_request.head.repo.full_name
        ## Gitea: a pull request builds its head itself
        GITHUB_EVENT_NAME=pull_request
        GITHUB_REF=refs/pull/5/head
        GITHUB_HEAD_REF=fix
        GITHUB_BASE_REF=main
        GITHUB_EVENT_PATH=/e
        @/e {"pull_request": {"number": 5, "base": {"ref": "main"},
        @/e "head": {"ref": "fix", "sha": "{head}", "repo": {"full_name": "o/r"}}}}
        > commit.sha {head} < {event} pull_request.head.sha
        > branch fix < {event} pull_request.head.ref
        > pullRequest.number 5 < {event} pull_request.number
        > pullRequest.target main < {event} pull_request.base.ref
        > pullRequest.fork no < {event} pull_request.head.repo.full_name
        ## Gitea: a tag
        GITHUB_REF=refs/tags/v1
        > -branch
        > tag v1 < GITHUB_REF
        ## Gitea: a URL with a token
        GITHUB_SERVER_URL=https://u:secret@git.example.com
        ## Forgejo: its runner says that it is Gitea's too
        FORGEJO_ACTIONS=true
        > service forgejo-actions < FORGEJO_ACTIONS
        > repository.forge forgejo < FORGEJO_ACTIONS
        ## Forgejo: on Codeberg
        FORGEJO_ACTIONS=true
        GITHUB_SERVER_URL=https://codeberg.org
        > service forgejo-actions < FORGEJO_ACTIONS
        > repository.forge forgejo < FORGEJO_ACTIONS
        > repository.host codeberg.org < GITHUB_SERVER_URL
        > run.url https://codeberg.org/o/r/actions/runs/9 < GITHUB_RUN_ID
        ## Forgejo: without Gitea's mark
        -GITEA_ACTIONS
        FORGEJO_ACTIONS=true
        > service forgejo-actions < FORGEJO_ACTIONS
        > repository.forge forgejo < FORGEJO_ACTIONS
        ## Forgejo: a schedule
        FORGEJO_ACTIONS=true
        GITHUB_EVENT_NAME=schedule
        > service forgejo-actions < FORGEJO_ACTIONS
        > repository.forge forgejo < FORGEJO_ACTIONS
        ## Gitea: a matrix that hands its index over
        CI_NODE_INDEX=2
        CI_NODE_TOTAL=3
        > node.index 2 < CI_NODE_INDEX
        > node.total 3 < CI_NODE_TOTAL
        ## Gitea: "false" means that it is GitHub
        GITEA_ACTIONS=false
        > service github-actions < GITHUB_ACTIONS
        > repository.forge github < GITHUB_ACTIONS

        """#)
}
