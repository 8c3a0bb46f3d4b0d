import CICore
import Testing

@testable import CIProviders

struct ErrorWordsTests {
    @Test(arguments: [
        (
            "GitHub",
            #"{"message":"Validation Failed","errors":[{"resource":"Status","code":"custom","field":"description","message":"description is too long (maximum is 140 characters)"}],"documentation_url":"https://docs"}"#,
            "Validation Failed; description is too long (maximum is 140 characters)"
        ),
        (
            "GitHub without words",
            #"{"message":"Validation Failed","errors":[{"resource":"Label","code":"already_exists","field":"name"}]}"#,
            "Validation Failed; Label.name already_exists"
        ),
        (
            "GitHub with texts", #"{"message":"Unprocessable","errors":["No commit found for SHA: 1"]}"#,
            "Unprocessable; No commit found for SHA: 1"
        ),
        (
            "GitLab error", #"{"error":"insufficient_scope","error_description":"needs api","scope":"api"}"#,
            "needs api; insufficient_scope"
        ),
        ("GitLab text", #"{"message":"404 Project Not Found"}"#, "404 Project Not Found"),
        (
            "GitLab by field", #"{"message":{"name":["has already been taken","is too short"],"base":["no"]}}"#,
            "base no; name has already been taken; name is too short"
        ),
        ("GitLab list", #"{"message":["a","b"]}"#, "a; b"),
        (
            "Bitbucket",
            #"{"type":"error","error":{"message":"Bad request","detail":"key: too long","fields":{"key":["x"]}}}"#,
            "Bad request; key: too long; key x"
        ),
        (
            "Azure", #"{"$id":"1","innerException":null,"message":"TF401179: no","typeName":"X","errorCode":0}"#,
            "TF401179: no"
        ),
        ("CircleCI", #"{"message":"Project not found"}"#, "Project not found"),
        (
            "TeamCity",
            #"{"errors":[{"message":"No build found","additionalMessage":"…","statusText":"x"},{"message":"b"}]}"#,
            "No build found; b"
        ),
        ("Travis CI", #"{"@type":"error","error_type":"not_found","error_message":"job not found"}"#, "job not found"),
        (
            "Twirp", #"{"code":"permission_denied","msg":"the artifact belongs to another run","meta":{"a":"b"}}"#,
            "the artifact belongs to another run"
        ),
        ("nothing known", #"{"status":1}"#, ""), ("a text alone", #""no""#, "no"), ("no JSON", "oh no", ""),
        ("nothing", "", ""),
    ])
    func `each API's words are found`(api: String, body: String, words: String) throws {
        #expect(ErrorWords.find(in: try Result.answer(400, body).get()) == words)
    }

    @Test(arguments: [
        (
            "text/plain;charset=utf-8", "Error has occurred\nResponding with error",
            "Error has occurred\nResponding with error"
        ),
        ("text/html", "<html><head><TITLE>Error 403 No valid\n crumb</TITLE></head>", "Error 403 No valid crumb"),
        ("application/json", "  <!DOCTYPE html><title>Sign in</title>", "Sign in"),
        (
            "application/xml",
            "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>AuthenticationFailed</Code><Message>Server &lt;a&gt; "
                + "refused.\nRequestId:1\nTime:2</Message><AuthenticationErrorDetail>sig=s</AuthenticationErrorDetail></Error>",
            "AuthenticationFailed: Server <a> refused."
        ),
        ("application/xml", "<Error><Code>InvalidBlockList</Code></Error>", "InvalidBlockList"),
        ("application/xml", "<Error><Code>never ends", ""), ("application/xml", "<Error></Error>", ""),
        ("text/html", "<title>never ends", ""),
        ("text/html", "", ""), ("application/octet-stream", "\u{0}\u{1}", ""),
    ])
    func `so are those of texts and pages`(type: String, body: String, words: String) throws {
        #expect(ErrorWords.find(in: try Result.answer(403, body, ["Content-Type": type]).get()) == words)
    }
}
