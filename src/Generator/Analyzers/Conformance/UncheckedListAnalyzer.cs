using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>A list that a class is to conform to can be read, and the class says enough to compare it with.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UncheckedListAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Declaration)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0062";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A list and the classes that conform to it say enough to be compared",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    private protected override IEnumerable<Diagnostic> Find(ConformanceRoot root, ConformancePlaces places)
    {
        var faults = root is { Path: { } path, Text: { } text } ? SolvedLists.List(text, path).Faults : [];
        return root.Faults.Select(fault => Diagnostic.Create(Rule, places.Argument(fault.Argument), root.Name, fault.Message))
            .Concat(faults.Select(fault => Diagnostic.Create(Rule, places.Of(new ProblemPlace(fault.Start, fault.Length)), root.Name, fault.Message.TrimEnd('.'))))
            .Concat(base.Find(root, places));
    }
}
