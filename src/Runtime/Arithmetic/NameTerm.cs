namespace Lanyard.Arithmetic;

/// <summary>The code, or the element of a companion: <c>scale</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Start">Where it starts, in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
internal sealed record NameTerm(string Name, int Start, int Length) : ValueTerm(Start, Length)
{
    /// <summary>The name of the code.</summary>
    public const string Code = "code";

    /// <summary>Whether it is the code.</summary>
    public bool IsCode => Name == Code;
}
