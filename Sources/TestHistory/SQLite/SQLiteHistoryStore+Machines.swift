import CICore
import FoundationEssentials
import GRDB

extension SQLiteHistoryStore {
    package func machines() throws(HistoryError) -> [StoredMachine] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT fingerprint, labels, hardware.name, host, seen_us, document,
                        (SELECT COUNT(DISTINCT run_id) FROM node WHERE machine_id = machine.id)
                    FROM machine JOIN hardware ON hardware.id = hardware_id
                    ORDER BY seen_us DESC, fingerprint, labels
                    """
            ).map { row in
                StoredMachine(
                    profile: MachineProfile(fingerprint: row[0], labels: row[1], host: row[3], document: row[5]),
                    hardware: HardwareClass(row[2]), seenAt: Date(historyMicroseconds: row[4]), runs: row[6])
            }
        }
    }
}
