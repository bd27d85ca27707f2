using System.Collections.Immutable;
using System.Composition;
using Lanyard.Generator.Analyzers.Modules;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.CodeFixes;

/// <summary>Declares a field or property that holds a parameter as one that the generator implements, with its source.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DeclareParameterFix))]
[Shared]
public sealed class DeclareParameterFix : CodeFixProvider
{
    private const string Title = "Declare it with [Parameter]";

    private static readonly HashSet<string> Makers = ["zeros", "ones", "empty", "rand", "randn"];

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [HeldTensorAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (await HeldMember.FindAsync(context.Document, context.Span, context.CancellationToken).ConfigureAwait(false) is not { } held || !IsParameter(held.Symbol)) return;
        if (held.Declaration.AttributeLists.Count > 0 || held.Declaration.Modifiers.Any(SyntaxKind.RequiredKeyword) || held.Uses.Any(IsReference)) return;
        if (Sizes(held.Model.GetOperation(held.Value)) is not { } sizes) return;

        var old = held.Symbol.Name;
        var name = held.Symbol is IFieldSymbol ? Pascal(old) : old;
        if (name.Length == 0 || !SyntaxFacts.IsValidIdentifier(name) || (name != old && held.Type.MemberNames.Contains(name))) return;
        var axes = new DeclaredAxes(held);
        for (var i = 0; i < sizes.Count; i++)
        {
            var part = sizes.Count switch { 1 => "Size", 2 => i == 0 ? "Out" : "In", _ => $"Size{i}" };
            if (!axes.TryAdd(name + part, sizes[i])) return;
        }
        if (axes.Assignment is null ? held.Assignment?.Parent is ArrowExpressionClauseSyntax : held.IsLate) return;

        var modifiers = held.Symbol is IFieldSymbol ? "public " : string.Concat(held.Declaration.Modifiers.Select(static modifier => modifier.Text + " "));
        List<string> members = [ParameterEdit.Parameter(modifiers, name, SnakeCase.Of(name), string.Join(" ", axes.Names)), .. axes.Members];
        IReadOnlyCollection<SyntaxNode> uses = name == old ? [] : held.Uses;
        context.RegisterCodeFix(
            CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(ParameterEdit.Apply(root!, held, members, axes.Assignment, uses, _ => SyntaxFactory.IdentifierName(Identifiers.Escape(name))))), Title),
            context.Diagnostics);
    }

    private static bool IsParameter(ISymbol member) => (member as IFieldSymbol)?.Type is { } type && IsParameter(type) || (member as IPropertySymbol)?.Type is { } other && IsParameter(other);

    private static bool IsParameter(ITypeSymbol type) => type is { Name: "Parameter", ContainingNamespace: { Name: "Modules", ContainingNamespace.Name: "TorchSharp" }, NullableAnnotation: not NullableAnnotation.Annotated };

    /// <summary>The sizes of a fresh tensor over which the parameter is made; null where they cannot be seen.</summary>
    private static List<ExpressionSyntax>? Sizes(IOperation? made)
    {
        var wrapped = Bare(made) switch
        {
            IObjectCreationOperation { Type.Name: "Parameter", Arguments: [var first, ..] } => first.Value,
            IInvocationOperation { TargetMethod: { Name: "Parameter", ContainingType.Name: "nn" }, Arguments: [var first, ..] } => first.Value,
            _ => null,
        };
        if (Bare(wrapped) is not IInvocationOperation { TargetMethod: { Name: var maker, ContainingType.Name: "torch" } } call || !Makers.Contains(maker)) return null;
        var sizes = call.Arguments
            .Where(static argument => argument.ArgumentKind == ArgumentKind.Explicit)
            .SelectMany(static argument => Bare(argument.Value) switch
            {
                ICollectionExpressionOperation list => list.Elements.Select(static element => element.Syntax),
                IArrayCreationOperation { Initializer: { } list } => list.ElementValues.Select(static element => element.Syntax),
                { Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64 } size => [size.Syntax],
                _ => [],
            })
            .ToList();
        return sizes.Count > 0 && sizes.TrueForAll(static size => size is ExpressionSyntax) ? [.. sizes.Cast<ExpressionSyntax>()] : null;
    }

    private static IOperation? Bare(IOperation? operation)
    {
        while (operation is IConversionOperation conversion) operation = conversion.Operand;
        return operation;
    }

    // A property has no address.
    private static bool IsReference(ExpressionSyntax use) => use.Parent is RefExpressionSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not 0 } or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression };

    private static string Pascal(string field)
    {
        var name = field.TrimStart('_');
        return name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name.Substring(1);
    }
}
