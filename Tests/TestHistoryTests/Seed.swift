import TestHistory
import Testing
