using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>Says of each parameter, axis and class what the lists make of it that it conforms to: no fault, but what an editor shows where one points at it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InferredMemberAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0063";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "What lists make of a member",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var runs = ConformanceRuns.Of(context.Compilation, context.Options.AdditionalFiles, context.CancellationToken);
        foreach (var said in runs.SaidOf(type).GroupBy(static said => said.Member ?? "", static said => said.Text))
        {
            var location = said.Key.Length == 0 ? type.Locations[0] : type.GetMembers(said.Key).Select(static member => member.Locations[0]).FirstOrDefault(static location => location.IsInSource);
            if (location is not null) context.ReportDiagnostic(Diagnostic.Create(Rule, location, string.Join("\n", said.Distinct())));
        }
    }
}
