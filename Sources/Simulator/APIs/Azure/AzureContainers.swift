import CICore

/// The file container of the build.
struct AzureContainerState: Sendable {
    /// By their paths.
    var items: [String: Item] = [:]

    /// One file.
    struct Item: Sendable {
        /// What has come of it so far.
        var bytes: [UInt8]
        /// What is to come in all.
        var size: Int

        var isWhole: Bool { bytes.count == size }
    }
}

extension Scenario {
    /// Azure Pipelines' number of the build's file container.
    package var azureContainerID: Int { 18_204 }
}

extension SimulatedAzure {
    /// Of the collection, without a project: `/{organization}/_apis/resources/Containers/…`; its makers describe it nowhere
    /// but in their clients.
    static let containerTemplate = "/{organization}/_apis/resources/Containers/{containerId}"

    var containerRoutes: [Route] {
        [
            Route(.put, Self.containerTemplate) { request in withContainer(request, store) },
            Route(.get, Self.containerTemplate) { request in withContainer(request, items) },
            Route(.delete, Self.containerTemplate) { request in
                withContainer(request) { request, path, container in
                    container.items[path] = nil
                    return .empty(204)
                }
            },
        ]
    }

    /// One part of a file, or a file without bytes.
    @Sendable private func store(
        _ request: SimulatedRequest, _ path: String, _ container: inout AzureContainerState
    ) -> SimulatedAnswer {
        guard let header = request.headers[header: "Content-Range"] else {
            guard request.body.count == 0 else {
                return Self.error(400, "ArgumentException", "The Content-Range header is missing.")
            }
            container.items[path] = .init(bytes: [], size: 0)
            return item(path, container.items[path], status: 201)
        }
        let numbers = header.split { " -/".contains($0) }.dropFirst().map { Int($0) ?? -1 }
        guard header.hasPrefix("bytes "), numbers.count == 3, numbers[0] >= 0,
            numbers[1] - numbers[0] + 1 == request.body.bytes.count, numbers[1] < numbers[2]
        else { return Self.error(400, "ArgumentException", "The Content-Range header is not that of the body.") }
        var standing = container.items[path] ?? .init(bytes: [], size: numbers[2])
        if standing.isWhole, numbers[0] == 0 { standing = .init(bytes: [], size: numbers[2]) }
        // A part may come again whose answer was lost.
        guard standing.size == numbers[2], numbers[0] <= standing.bytes.count else {
            return Self.error(409, "ContainerItemExistsException", "A file with the path \(path) exists already.")
        }
        standing.bytes = standing.bytes.prefix(numbers[0]) + request.body.bytes
        container.items[path] = standing
        return item(path, standing, status: standing.isWhole ? 201 : 202)
    }

    /// A file's bytes to who asks for them, else what there is at a path and below it.
    @Sendable private func items(
        _ request: SimulatedRequest, _ path: String, _ container: inout AzureContainerState
    ) -> SimulatedAnswer {
        if request.headers[header: "Accept"]?.contains("octet-stream") == true {
            guard let item = container.items[path], item.isWhole else {
                return Self.error(404, "ContainerItemNotFoundException", "There is no file at \(path).")
            }
            return .ranged(item.bytes, of: request)
        }
        let found = container.items.filter { $0.key == path || $0.key.hasPrefix("\(path)/") }
            .sorted { $0.key < $1.key }
        return Self.list(found.map { shown($0.key, $0.value) }, of: request)
    }

    private func item(_ path: String, _ item: AzureContainerState.Item?, status: Int) -> SimulatedAnswer {
        item.map { .json(status, shown(path, $0)) } ?? .empty(404)
    }

    private func shown(_ path: String, _ item: AzureContainerState.Item) -> JSONValue {
        [
            "containerId": .int(scenario.azureContainerID), "path": .string(path), "itemType": "file",
            "status": item.isWhole ? "created" : "pendingUpload", "fileLength": .int(item.bytes.count),
            "fileEncoding": 1, "fileType": 1,
        ]
    }

    private func withContainer(
        _ request: SimulatedRequest,
        _ body: (SimulatedRequest, String, inout AzureContainerState) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        guard request.number("containerId") == scenario.azureContainerID else {
            return Self.error(
                404, "ContainerNotFoundException", "There is no container with the id \(request["containerId"]).")
        }
        guard request.query["api-version"]?.contains("-preview") == true else {
            return Self.error(
                400, "VssInvalidPreviewVersionException",
                "The requested version of the resource is under preview. The -preview flag must be supplied.")
        }
        guard let path = request.query["itemPath"], !path.isEmpty, request.query["scope"] != nil else {
            return Self.error(400, "ArgumentNullException", "Value cannot be null. Parameter name: itemPath")
        }
        return state { body(request, path, &$0.container) }
    }
}
