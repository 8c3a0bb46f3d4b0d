import CICore
