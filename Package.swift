// swift-tools-version: 6.2
import PackageDescription

/// Set by `scripts/check`, so that a newer compiler's warnings never break a user's build.
let strict = Context.environment["DTCI_STRICT_BUILD"] == "1"

let package = Package(
    name: "dt-ci",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "dt-ci", targets: ["dt-ci"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Without traits: swift-configuration is not used.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]
        ),
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        .target(name: "CSpawn"),
        .target(name: "CCurl"),
        .target(name: "CPostgres"),
        .target(name: "CICore", dependencies: [.system]),
        .target(name: "CurlHTTP", dependencies: ["CICore", "CCurl", .system]),
        .target(name: "PostgreSQL", dependencies: ["CICore", "CPostgres", .system]),
        .target(name: "CIProviders", dependencies: ["CICore", .crypto, .system]),
        .target(name: "Artifacts", dependencies: ["CICore", "CLibXML2", "CZlib", .crypto, .system]),
        .target(name: "TestHistory", dependencies: ["CICore", .grdb, .system]),
        .target(name: "Reporting", dependencies: ["CICore", "CIProviders", .mustache, .system]),
        .target(
            name: "Orchestrator",
            dependencies: [
                "CICore", "Artifacts", "TestHistory", "PostgreSQL", "CSpawn", .system, .yams, .crypto, .grdb,
            ]
        ),
        .target(name: "Simulator", dependencies: ["CICore", .crypto, .hummingbird, .system]),
        .executableTarget(
            name: "dt-ci",
            dependencies: [
                "CICore", "CIProviders", "CurlHTTP", "Artifacts", "TestHistory", "Reporting", "Orchestrator",
                "Simulator", .argumentParser, .system,
            ]
        ),
        // A real server for the tests that need one.
        .target(name: "PostgresServer", path: "Tests/PostgresServer", exclude: ["keeper.sh"]),
        .target(name: "StorageServer", path: "Tests/StorageServer", exclude: ["s3-server.py"]),
        .testTarget(name: "CICoreTests", dependencies: ["CICore", .system]),
        .testTarget(name: "CurlHTTPTests", dependencies: ["CurlHTTP", "CICore", .hummingbird, .system]),
        .testTarget(name: "PostgreSQLTests", dependencies: ["PostgreSQL", "CICore", "PostgresServer", .system]),
        .testTarget(
            name: "CIProvidersTests",
            dependencies: ["CIProviders", "CICore", "CurlHTTP", "Simulator", "StorageServer", .system],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "SimulatorTests", dependencies: ["Simulator", "CurlHTTP", "CICore", .hummingbird, .system]),
        .testTarget(name: "ArtifactsTests", dependencies: ["Artifacts", "CICore", .system], exclude: ["Fixtures"]),
        .testTarget(
            name: "TestHistoryTests", dependencies: ["TestHistory", "CICore", .grdb, .system], exclude: ["Fixtures"]),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Reporting", "Artifacts", "CIProviders", "CICore", "CurlHTTP", "Simulator", .system],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "OrchestratorTests",
            dependencies: [
                "Orchestrator", "Artifacts", "TestHistory", "PostgreSQL", "PostgresServer", "CICore", .grdb, .system,
            ],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "CICore", "CIProviders", "Orchestrator", "PostgresServer", "Reporting", "Simulator", "StorageServer",
                "dt-ci", .system, .yams,
            ]),
    ],
    swiftLanguageModes: [.v6]
)

extension Target.Dependency {
    static let argumentParser = Self.product(name: "ArgumentParser", package: "swift-argument-parser")
    static let crypto = Self.product(name: "Crypto", package: "swift-crypto")
    static let grdb = Self.product(name: "GRDB", package: "GRDB.swift")
    static let hummingbird = Self.product(name: "Hummingbird", package: "hummingbird")
    static let mustache = Self.product(name: "Mustache", package: "swift-mustache")
    static let system = Self.product(name: "SystemPackage", package: "swift-system")
    static let yams = Self.product(name: "Yams", package: "Yams")
}

for target in package.targets where target.type != .system && !["CSpawn", "CCurl", "CPostgres"].contains(target.name) {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
    if target.type != .test {
        target.swiftSettings?.append(.enableUpcomingFeature("InternalImportsByDefault"))
    }
    if strict {
        target.swiftSettings?.append(.treatAllWarnings(as: .error))
    }
}
