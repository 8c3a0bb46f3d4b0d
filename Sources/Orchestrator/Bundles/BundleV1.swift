import CICore
import FoundationEssentials

/// The `dt-ci/bundle/v1` document.
package enum BundleV1 {
    package static let schema = "dt-ci/bundle/v1"
    static let family = "dt-ci/bundle/v"
    /// A manifest names batches, not tests: more is no manifest.
    static let limit = 64 << 20

    /// The document, ending with a line feed.
    package static func bytes(of manifest: BundleManifest) -> [UInt8] {
        var json = JSONWriter(capacity: 4096)
        json.object { json in
            json.member("schema", schema)
            json.member("plan", manifest.plan)
            json.key("node")
            json.object { json in
                json.member("index", manifest.position.index)
                json.member("total", manifest.position.total)
            }
            write(manifest.origin, to: &json)
            json.member("startedAt", text(of: manifest.time.started))
            json.member("createdAt", text(of: manifest.time.created))
            json.member("seconds", manifest.time.duration)
            json.key("ending")
            write(manifest.ending, to: &json)
            write(manifest.work, to: &json)
            json.key("files")
            json.array(manifest.files) { json, file in
                json.object { json in
                    json.member("name", file.name)
                    json.member("size", file.size)
                    json.member("sha256", file.sha256)
                }
            }
        }
        json.endLine()
        return json.drain()
    }

    private static func text(of date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private static func write(_ origin: BundleManifest.Origin, to json: inout JSONWriter) {
        json.key("run")
        json.object { json in
            json.member("service", origin.service)
            json.member("id", origin.run)
            json.member("attempt", origin.attempt)
            json.member("job", origin.job)
        }
        json.member("commit", origin.commit)
    }

    private static func write(_ ending: BundleManifest.Ending, to json: inout JSONWriter) {
        json.object { json in
            json.key("stop")
            switch ending.stop {
            case nil: json.null()
            case .signal(let number)?: json.object { $0.member("signal", Int(number)) }
            case .timeLimit(let limit)?: json.object { $0.member("timeLimit", limit) }
            case .failFast(let failures)?: json.object { $0.member("failFast", failures) }
            }
            json.member("broken", ending.isBroken)
            json.member("expired", ending.expired)
            json.member("failsOnFlaky", ending.failsOnFlaky)
            json.member("empty", ending.empty.rawValue)
        }
    }

    private static func write(_ work: BundleManifest.Work, to json: inout JSONWriter) {
        json.member("hardware", work.hardware.rawValue)
        if let machine = work.machine {
            json.key("machine")
            HardwareV1.write(DetectedHardware(profile: machine), to: &json)
        }
        json.member("whole", work.isWhole)
        json.key("batches")
        json.array(work.costs) { json, cost in
            json.object { json in
                json.member("suite", cost.suite.rawValue)
                json.member("units", cost.units)
                json.member("wall", cost.wall)
                json.member("tests", cost.tests)
            }
        }
        if let resumes = work.resumes {
            json.key("resumes")
            json.object { json in
                json.member("plan", resumes.plan)
                json.member("nodes", resumes.nodes)
                json.member("generation", resumes.generation)
                json.member("first", resumes.first)
            }
        }
        json.key("beyondPlan")
        json.array(work.beyond.sorted { $0.key < $1.key }) { json, entry in
            json.object { json in
                json.member("unit", entry.key.rawValue)
                json.member("node", entry.value)
            }
        }
    }
}
