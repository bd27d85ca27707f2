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
                if (IsField(text)) context.ReportDiagnostic(Diagnostic.Create(Rule, context.Node.GetLocation()));
            },
            SyntaxKind.StringLiteralExpression,
            SyntaxKind.InterpolatedStringText);
        context.RegisterSyntaxNodeAction(
            static context =>
            {
                // A whole that names a field though none of its parts does.
                if (context.Node.Parent is BinaryExpressionSyntax or ParenthesizedExpressionSyntax or InterpolationSyntax || context.Node.DescendantNodes().Any(IsField)) return;
                if (context.SemanticModel.GetConstantValue(context.Node, context.CancellationToken) is { HasValue: true, Value: string text } && IsField(text))
                    context.ReportDiagnostic(Diagnostic.Create(Rule, context.Node.GetLocation()));
            },
            SyntaxKind.AddExpression,
            SyntaxKind.InterpolatedStringExpression);
        context.RegisterSymbolAction(
            static context =>
            {
                var method = (IMethodSymbol)context.Symbol;
                if (method.Parameters.FirstOrDefault() is not { } target || method.GetAttributes().FirstOrDefault(IsAccessor) is not { } accessor) return;
                var name = accessor.NamedArguments.FirstOrDefault(static argument => argument.Key == "Name").Value.Value as string ?? method.Name;
                var type = TypeOf(target, context.Compilation);
                if (!IsGuarded(type) && !(KnownTypes.IsModule(type) && name.StartsWith("_internal_", StringComparison.Ordinal))) return;

                // One that spells the field as metadata does is found by that.
                if (!IsField(name) || Locate.Argument(accessor, "Name", context.CancellationToken)?.Expression is IdentifierNameSyntax or MemberAccessExpressionSyntax)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Attribute(accessor, method, context.CancellationToken)));
            },
            SymbolKind.Method);
    }

    // Reflection can be told to ignore case.
    private static bool IsField(string text) => text.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    private static bool IsField(SyntaxNode node) => node switch
    {
        LiteralExpressionSyntax literal => IsField(literal.Token.ValueText),
        InterpolatedStringTextSyntax part => IsField(part.TextToken.ValueText),
        _ => false,
    };

    private static bool IsAccessor(AttributeData attribute) => attribute.AttributeClass?.ToDisplayString() == "System.Runtime.CompilerServices.UnsafeAccessorAttribute";

    /// <summary>The type that an accessor reaches into, which may be named by a text.</summary>
    private static ITypeSymbol TypeOf(IParameterSymbol target, Compilation compilation) =>
        target.GetAttributes().FirstOrDefault(static attribute => attribute.AttributeClass?.Name == "UnsafeAccessorTypeAttribute") is { ConstructorArguments: [{ Value: string name }] }
        && compilation.GetTypeByMetadataName(name.Split(',')[0].Trim()) is { } named ? named : target.Type;

    /// <summary>Whether the private state of a type is what ties parameters to loaders.</summary>
    private static bool IsGuarded(ITypeSymbol type) =>
        Annotated.IsModule(type) || KnownTypes.BasesOf(type).Any(static type => type.IsAttribute("ParameterSet") || type.IsAttribute("BoundParameter"));
}
