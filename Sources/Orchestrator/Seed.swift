import Yams
import Crypto
import Collections
