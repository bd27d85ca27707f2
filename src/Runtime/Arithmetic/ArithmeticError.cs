namespace Lanyard.Arithmetic;

/// <summary>What is wrong with a value's expression, and where.</summary>
/// <param name="Message">A sentence that says what was expected and what was found.</param>
/// <param name="Position">Where in the text the error lies, counted in characters from its start.</param>
/// <param name="Length">How many characters it spans; zero at the end of the text.</param>
internal sealed record ArithmeticError(string Message, int Position, int Length)
{
    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
