using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Values;

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
        "This reaches for the state behind a property: written past the setter, a parameter loses its layout and its registration. Assign the property in a post-load method.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterSyntaxNodeAction(
            static context =>
            {
                var text = context.Node switch
                {
                    LiteralExpressionSyntax literal => literal.Token.ValueText,
                    InterpolatedStringTextSyntax part => part.TextToken.ValueText,
                    _ => "",
                };
                if (text.EndsWith(Suffix, StringComparison.Ordinal)) context.ReportDiagnostic(Diagnostic.Create(Rule, context.Node.GetLocation()));
            },
            SyntaxKind.StringLiteralExpression,
            SyntaxKind.InterpolatedStringText);
        context.RegisterSymbolAction(
            static context =>
            {
                var method = (IMethodSymbol)context.Symbol;
                if (method.Parameters.FirstOrDefault()?.Type is not { } target || !IsGuarded(target)) return;
                if (method.GetAttributes().FirstOrDefault(IsAccessor) is not { } accessor) return;

                // One that names a field as it is spelled in metadata is found by that.
                var name = accessor.NamedArguments.FirstOrDefault(static argument => argument.Key == "Name").Value.Value as string;
                if (name?.EndsWith(Suffix, StringComparison.Ordinal) != true) context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Attribute(accessor, method, context.CancellationToken)));
            },
            SymbolKind.Method);
    }

    private static bool IsAccessor(AttributeData attribute) => attribute.AttributeClass?.ToDisplayString() == "System.Runtime.CompilerServices.UnsafeAccessorAttribute";

    /// <summary>Whether the private state of a type is what ties parameters to loaders.</summary>
    private static bool IsGuarded(ITypeSymbol type) =>
        Annotated.IsModule(type) || KnownTypes.BasesOf(type).Any(static type => type.IsAttribute("ParameterSet") || type.IsAttribute("BoundParameter"));
}
