using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers;

/// <summary>A post-load method has a form in which its effects can be read and the runtime can call it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PostLoadMethodAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0021";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A post-load method is a plain method without parameters",
        "\"{0}\" must be an instance method that takes nothing, returns nothing, and is neither generic, async, virtual nor an iterator: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context) => context.RegisterSymbolAction(
        static context =>
        {
            var method = (IMethodSymbol)context.Symbol;
            if (method.PartialDefinitionPart is null && ParameterUse.IsPostLoad(method) && Fault(method) is { } fault)
                context.ReportDiagnostic(Diagnostic.Create(Rule, method.Locations[0], method.Name, fault));
        },
        SymbolKind.Method);

    private static string? Fault(IMethodSymbol method) => method switch
    {
        { IsStatic: true } => "it is static",
        { Parameters.IsEmpty: false } => "it takes a parameter",
        { IsAsync: true } => "it is async, and would still run when the refit is over",
        { ReturnsVoid: false } => "it returns a value",
        { IsGenericMethod: true } => "it is generic",
        { IsAbstract: true } or { IsVirtual: true } or { IsOverride: true } => "another class could replace its body",
        _ => null,
    };
}
