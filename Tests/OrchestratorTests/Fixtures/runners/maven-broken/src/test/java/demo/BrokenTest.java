package demo;

public class BrokenTest extends ClassThatIsNotThere {}
