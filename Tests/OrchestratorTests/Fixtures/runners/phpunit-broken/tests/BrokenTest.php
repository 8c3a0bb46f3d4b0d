<?php

class BrokenTest extends ClassThatIsNotThere {}
