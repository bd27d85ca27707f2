using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>An example of a page: code, and the list of tensors before it that the code conforms to.</summary>
/// <param name="Code">The code.</param>
/// <param name="List">The list, or null.</param>
internal sealed partial record RuleExample(string Code, string? List)
{
    /// <summary>The project's files for the example: the list under the name that the code has for it.</summary>
    public ImmutableArray<AdditionalText> Files => List is null ? [] : [new TextFile(Conforms().Match(Code).Groups[1].Value, List)];

    [GeneratedRegex("\\[ConformsTo\\(\"([^\"]+)\"")]
    private static partial Regex Conforms();
}
