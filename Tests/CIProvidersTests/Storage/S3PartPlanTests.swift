import Testing

@testable import CIProviders

@Suite struct S3PartPlanTests {
    @Test(arguments: [1, 5 << 20, (5 << 20) + 1, 80 << 20, 80_000 << 20, 5 << 40, (5 << 40) - 1] as [Int64])
    func `parts cover an object and are as many and as large as they may`(size: Int64) {
        let plan = S3PartPlan(size: size)
        #expect(plan.count <= 10_000)
        #expect(plan.partSize >= 5 << 20)
        var end: Int64 = 0
        for number in 1...plan.count {
            let range = plan.range(of: number)
            #expect(range.offset == end && range.count > 0)
            #expect(number == plan.count || range.count == plan.partSize)
            end += range.count
        }
        #expect(end == size)
    }

    @Test func `parts are no smaller than storages take them`() {
        #expect(S3PartPlan(size: 20 << 20, wanted: 1).partSize == 5 << 20)
    }
}
