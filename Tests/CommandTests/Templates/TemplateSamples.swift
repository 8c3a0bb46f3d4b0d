import CIProviders
import Foundation
import Testing

@testable import dt_ci

/// Every file of every template, in all shapes.
struct TemplateSample: Sendable, CustomTestStringConvertible {
    let service: String
    let nodes: Int
    let file: CITemplate.File

    var testDescription: String { "\(service)/\(file.sample)" }

    /// Without the twins that both shapes share.
    static let all: [TemplateSample] = CIServices.all.flatMap { service in
        shapes(of: service).flatMap { shape in
            (service.template?.files(for: shape) ?? []).map {
                TemplateSample(service: service.id, nodes: shape.nodes, file: $0)
            }
        }
    }.reduce(into: []) { all, sample in
        if !all.contains(where: { $0.testDescription == sample.testDescription }) { all.append(sample) }
    }

    private static func shapes(of service: CIService) -> [PipelineShape] {
        [PipelineShape(nodes: 1, layout: .standard), PipelineShape(nodes: 4, layout: .standard)]
            + (service.output == nil ? [] : [PipelineShape(nodes: 8, isAuto: true, layout: .standard)])
    }

    /// The services that have a template.
    static let services = CIServices.all.filter { $0.template != nil }.map(\.id)

    /// Those whose file ends so.
    static func files(_ ending: String) -> [TemplateSample] { all.filter { $0.file.path.hasSuffix(ending) } }

    /// The sample itself, as it lies in the repository.
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "ci-templates")
}
