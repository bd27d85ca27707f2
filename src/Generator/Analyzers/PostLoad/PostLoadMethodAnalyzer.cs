using Lanyard.Generator.Analyzers.Members;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>A load can call a post-load method, is over when it returns, and knows its body.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PostLoadMethodAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0021";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A post-load method is a plain method without arguments",
        "Post-load method \"{0}\" {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterSymbolAction(
        static context =>
        {
            var method = (IMethodSymbol)context.Symbol;
            if (method.PartialDefinitionPart is null && Annotated.IsPostLoad(method) && Wrong(method) is { } reason)
                context.ReportDiagnostic(Diagnostic.Create(Rule, method.Locations[0], method.Name, reason));
        },
        SymbolKind.Method);

    private static string? Wrong(IMethodSymbol method) => method switch
    {
        { Parameters.IsEmpty: false } => "takes arguments, and a load has none to give; remove them",
        { IsGenericMethod: true } => "is generic, and a load has no types to give; remove its type parameters",
        { IsAsync: true } => "is asynchronous, and a load is over when it returns; remove \"async\"",
        { ReturnsVoid: false } => "returns a value that nobody reads, or does its work later; let it return void and assign parameters",
        { IsAbstract: true } => "is abstract, and its body says which parameters it reads and assigns; give it one",
        { IsVirtual: true } or { IsOverride: true } => $"is {(method.IsOverride ? "an override" : "virtual")}: its effects are read from this body, and another class could replace it; let it be private",
        _ => null,
    };
}
