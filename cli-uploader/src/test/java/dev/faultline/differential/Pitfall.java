package dev.faultline.differential;

/** Why tools give a wrong answer, and how we know the right one; the order is that in which the rules are asked. */
enum Pitfall {
    NO_CODE("""
            the address is in no executable section, so no instruction has it, whatever a range of discarded debugging \
            information says (0, 1, -1, -2 are where linkers point what they threw away)"""),
    OTHER_FILE("""
            the same program exists in a file that leaves nothing to mistake (linked elsewhere, not folded, linked at all, \
            before its debugging information was moved or packed); a byte of a function means what the byte as far into the \
            function of that name means there"""),
    DATA("""
            the symbol table says that a global lies there and no function around it: a table between functions, executed \
            by nobody"""),
    GAP("""
            the symbol table has functions, and none of them holds the address: padding. The name of the function before \
            it is a guess, and so is a line of a row that goes on behind the end of its function"""),
    OTHER_FUNCTION("""
            the symbol table says which function holds the address, under every one of its names; the answer names \
            another one, which was discarded or is somewhere else"""),
    NO_FUNCTION("""
            the symbol table names the function that holds the address; the answer names none"""),
    SYMBOL_FILE("""
            a file without a line that is only the name in an STT_FILE symbol: no line table says that the function is from \
            there"""),
    REPEATED_NAME("""
            a level is named as the function around it, where another tool says that it is not: the name of the \
            function was given to a call that was inlined into it"""),
    LESS_TOLD("""
            the answers do not contradict each other, one leaves out inlined calls or the line. Each level and each \
            line of the longer one exists only because an entry of the file says so, none is made up"""),
    OUTVOTED("two of three say it, and no other rule speaks against them");

    private final String argument;

    Pitfall(String argument) {
        this.argument = argument;
    }

    String argument() {
        return argument;
    }
}
