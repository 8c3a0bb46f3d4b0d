import CICore

/// The member `artifacts` of results: what the run and its tests left; left out where that is nothing.
extension ResultsV1 {
    static func write(_ artifacts: [RunArtifact], to writer: inout JSONWriter) {
        writer.array(artifacts) { writer, artifact in
            writer.object { writer in
                writer.member("name", artifact.name)
                writer.member("test", artifact.test?.rawValue)
                writer.member("path", artifact.path)
                writer.member("mediaType", artifact.mediaType)
                writer.member("size", Int(artifact.size))
                writer.member("digest", artifact.digest?.description)
                writer.key("places")
                writer.array(artifact.places) { writer, place in
                    writer.object { writer in
                        writer.member("title", place.title)
                        writer.member("url", place.url)
                    }
                }
            }
        }
    }

    static func artifact(_ json: JSONValue) -> RunArtifact? {
        guard let name = json["name"]?.string else { return nil }
        return RunArtifact(
            name: name, test: json["test"]?.string.map { TestID($0) }, path: json["path"]?.string,
            mediaType: json["mediaType"]?.string, size: Int64(max(0, json["size"]?.int ?? 0)),
            digest: json["digest"]?.string.flatMap { ContentDigest($0) },
            places: json["places"]?.array.compactMap { place in
                place["title"]?.string.map { .init(title: $0, url: place["url"]?.string) }
            } ?? [])
    }
}
