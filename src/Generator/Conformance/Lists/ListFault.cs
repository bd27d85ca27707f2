namespace Lanyard.Generator.Conformance.Lists;

/// <summary>What is wrong with a tensor list, and where.</summary>
/// <param name="Message">A sentence.</param>
/// <param name="Start">Where it stands, counted in characters from the start of the text.</param>
/// <param name="Length">How many characters it spans.</param>
public sealed record ListFault(string Message, int Start, int Length)
{
    /// <summary>Whether all rows could be read all the same.</summary>
    public bool IsAside { get; init; }
}
