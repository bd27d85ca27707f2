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
    private protected override void Report(SymbolAnalysisContext context, ConformanceRuns runs, ConformanceRoot root)
    {
        var places = new ConformancePlaces(runs, root, context.CancellationToken);
        foreach (var (argument, message) in root.Faults) context.ReportDiagnostic(Diagnostic.Create(Rule, places.Argument(argument), root.Name, message));
        foreach (var fault in root is { Path: { } path, Text: { } text } ? SolvedLists.List(text, path).Faults : [])
            context.ReportDiagnostic(Diagnostic.Create(Rule, places.Of(new ProblemPlace(fault.Start, fault.Length)), root.Name, fault.Message.TrimEnd('.')));
        base.Report(context, runs, root);
    }
}
