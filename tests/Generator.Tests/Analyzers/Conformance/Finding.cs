namespace Lanyard.Generator.Tests.Analyzers.Conformance;

/// <summary>What a rule found.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="Place">The file, with line and column.</param>
/// <param name="Text">The text there.</param>
/// <param name="Message">What it says.</param>
/// <param name="Others">Other places that it leads to, each as this one.</param>
internal sealed record Finding(string Rule, string Place, string Text, string Message, IReadOnlyList<string> Others)
{
    /// <summary>The rule, the place and the text.</summary>
    public string Where => $"{Rule} {Place} {Text}";

    public override string ToString() => $"{Where}: {Message}";
}
