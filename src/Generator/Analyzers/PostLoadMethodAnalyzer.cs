using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>No other class replaces the body of a post-load method.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PostLoadMethodAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0021";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A post-load method is not virtual",
        "Remove \"{1}\" from \"{0}\": the generator reads its effects from this body, and another class could replace it",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context) => context.RegisterSymbolAction(
        static context =>
        {
            var method = (IMethodSymbol)context.Symbol;
            if (method.PartialDefinitionPart is null && ParameterUse.IsPostLoad(method) && Modifier(method) is { } modifier)
                context.ReportDiagnostic(Diagnostic.Create(Rule, method.Locations[0], method.Name, modifier));
        },
        SymbolKind.Method);

    private static string? Modifier(IMethodSymbol method) => method switch
    {
        { IsAbstract: true } => "abstract",
        { IsOverride: true } => "override",
        { IsVirtual: true } => "virtual",
        _ => null,
    };
}
