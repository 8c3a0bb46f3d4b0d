import CICore
import GRDB
