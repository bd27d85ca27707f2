using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>An annotated class is partial, and so is every type around it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PartialClassAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0001";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter module is partial",
        "Add \"partial\" to \"{0}\": the generator writes the other half of {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    /// <remarks>Each type is asked for itself, for a fix is only offered where a type's own declaration is pointed at.</remarks>
    protected override void Register(AuthoredCode context) => context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var whole = type.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax(context.CancellationToken))
            .OfType<BaseTypeDeclarationSyntax>()
            .Where(static declaration => !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            .ToList();
        if (whole.Count == 0 || Annotated(type) is not { } annotated) return;
        var half = SymbolEqualityComparer.Default.Equals(annotated, type) ? "it" : $"\"{annotated.Name}\" inside it";
        foreach (var declaration in whole)
            context.ReportDiagnostic(Diagnostic.Create(Rule, declaration.Identifier.GetLocation(), type.Name, half));
    }

    private static INamedTypeSymbol? Annotated(INamedTypeSymbol type) => type.Attribute("ParameterModuleAttribute") is not null
        ? type
        : type.GetTypeMembers().Select(Annotated).FirstOrDefault(static inner => inner is not null);
}
