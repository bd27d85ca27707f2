using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers;

/// <summary>Nobody reaches for the field behind a parameter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BackingFieldAnalyzer() : ModuleAnalyzer(Rule)
{
    private const string Suffix = ">k__BackingField";

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0027";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "The field behind a parameter is out of reach",
        "This names the field behind a property: written past the setter, a parameter loses its layout and its registration. Assign the property in a post-load method.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(CompilationStartAnalysisContext context) => context.RegisterSyntaxNodeAction(
        static context =>
        {
            var literal = (LiteralExpressionSyntax)context.Node;
            if (literal.Token.ValueText.EndsWith(Suffix, StringComparison.Ordinal)) context.ReportDiagnostic(Diagnostic.Create(Rule, literal.GetLocation()));
        },
        SyntaxKind.StringLiteralExpression);
}
