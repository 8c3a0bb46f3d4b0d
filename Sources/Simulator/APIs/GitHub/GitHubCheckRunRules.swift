import CICore

extension SimulatedGitHub {
    /// What GitHub's description forbids in a check run; `nil` for a good one.
    static func refusal(ofCheckRun json: JSONValue, isNew: Bool) -> SimulatedAnswer? {
        if json["status"]?.string == "completed", json["conclusion"]?.string == nil {
            return invalid("CheckRun", "conclusion", "conclusion is required when status is completed")
        }
        let conclusions = ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"]
        if let conclusion = json["conclusion"]?.string, !conclusions.contains(conclusion) {
            return invalid("CheckRun", "conclusion", "conclusion is not included in the list")
        }
        guard let output = json["output"] else { return nil }
        guard output["summary"]?.string != nil, !isNew || output["title"]?.string != nil else {
            return invalid("CheckRun", "output", "title and summary are required")
        }
        for name in ["summary", "text"] {
            guard let text = output[name]?.string else { continue }
            guard text.unicodeScalars.count <= 65_535, text.utf8.count <= 65_535 else {
                return invalid("CheckRun", name, "\(name) exceeds a maximum length of 65535")
            }
        }
        let annotations = output["annotations"]?.array ?? []
        guard annotations.count <= 50 else {
            return invalid("CheckRun", "annotations", "annotations exceeds a maximum of 50 per request")
        }
        return annotations.lazy.compactMap(refusal(ofAnnotation:)).first
    }

    private static func refusal(ofAnnotation json: JSONValue) -> SimulatedAnswer? {
        func wrong(_ field: String) -> SimulatedAnswer { invalid("CheckAnnotation", field, "\(field) is not valid") }
        guard let path = json["path"]?.string, !path.isEmpty, !path.hasPrefix("/") else { return wrong("path") }
        guard let start = json["start_line"]?.int, let end = json["end_line"]?.int, start >= 1, end >= start else {
            return wrong("start_line")
        }
        guard ["notice", "warning", "failure"].contains(json["annotation_level"]?.string) else {
            return wrong("annotation_level")
        }
        guard let message = json["message"]?.string, !message.isEmpty, message.utf8.count <= 65_536 else {
            return wrong("message")
        }
        if let title = json["title"]?.string, title.unicodeScalars.count > 255 { return wrong("title") }
        if json["start_column"] != nil || json["end_column"] != nil, start != end { return wrong("start_column") }
        return nil
    }
}
