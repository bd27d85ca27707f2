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

/// <summary>Declares the weight and the bias of TorchSharp's linear layer as parameters with their sources, and calls the function.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DeclareLinearFix))]
[Shared]
public sealed class DeclareLinearFix : CodeFixProvider
{
    private const string Title = "Declare its weights";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [TorchLayerAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (await HeldMember.FindAsync(context.Document, context.Span, context.CancellationToken).ConfigureAwait(false) is not { Declaration: PropertyDeclarationSyntax property } held) return;
        if (held.Model.GetOperation(held.Value) is not IInvocationOperation { TargetMethod: { Name: "Linear", ContainingType.Name: "nn" } } made || Source(held.Symbol) is not { } source) return;
        if (property.Modifiers.Any(static modifier => modifier.IsKind(SyntaxKind.RequiredKeyword)) || !held.Uses.All(static use => Whole(use) is not null)) return;

        // A bias may be there at times alone: then the parameter would have a condition, which only the author knows.
        if (Argument(made, "inputSize") is not { } input || Argument(made, "outputSize") is not { } output || !TryBias(made, out var hasBias)) return;
        var (name, axes) = (held.Symbol.Name, new DeclaredAxes(held));
        if (!axes.TryAdd(name + "Out", output) || !axes.TryAdd(name + "In", input)) return;
        if (held.Type.MemberNames.Contains(name + "Weight") || (hasBias && held.Type.MemberNames.Contains(name + "Bias"))) return;
        if (axes.Assignment is null ? held.Assignment?.Parent is ArrowExpressionClauseSyntax : held.IsLate) return;

        var modifiers = string.Concat(property.Modifiers.Select(static modifier => modifier.Text + " "));
        var (weight, bias) = (Identifiers.Escape(name + "Weight"), Identifiers.Escape(name + "Bias"));
        List<string> members = [ParameterEdit.Parameter(modifiers, name + "Weight", source + "weight", $"{axes.Names[0]} {axes.Names[1]}")];
        if (hasBias) members.Add(ParameterEdit.Parameter(modifiers, name + "Bias", source + "bias", axes.Names[0]));
        members.AddRange(axes.Members);
        var (uses, functions) = (held.Uses.Select(static use => Whole(use)!).ToList(), Functions(held.Model, property.SpanStart));
        context.RegisterCodeFix(
            CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(ParameterEdit.Apply(root!, held, members, axes.Assignment, uses, Use))), Title),
            context.Diagnostics);

        SyntaxNode Use(SyntaxNode use) => use is InvocationExpressionSyntax { ArgumentList.Arguments: [var argument] }
            ? SyntaxFactory.ParseExpression($"{functions}.linear({argument.Expression.WithoutTrivia().ToFullString()}, {weight}{(hasBias ? ", " + bias : "")})")
            : SyntaxFactory.IdentifierName(((MemberAccessExpressionSyntax)use).Name.Identifier.ValueText == "weight" ? weight : bias);
    }

    /// <summary>The class of the functions, as it is called there.</summary>
    private static string Functions(SemanticModel model, int position) => new[] { "functional", "nn.functional", "torch.nn.functional" }
        .FirstOrDefault(name => model.GetSpeculativeSymbolInfo(position, SyntaxFactory.ParseExpression(name), SpeculativeBindingOption.BindAsExpression).Symbol is INamedTypeSymbol { Name: "functional", ContainingType.Name: "nn" })
        ?? "global::TorchSharp.torch.nn.functional";

    /// <summary>The text before the names of its tensors; null where it has several.</summary>
    private static string? Source(ISymbol member)
    {
        var names = member.GetAttributes().Where(static attribute => attribute.AttributeClass is { Name: "CheckpointNameAttribute", ContainingNamespace.Name: "Lanyard" }).ToList();
        return names switch
        {
            [] => SnakeCase.Of(member.Name) + ".",
            [{ NamedArguments.IsEmpty: true, ConstructorArguments: [{ Value: string name }] }] => name.Length == 0 ? "" : name + ".",
            _ => null,
        };
    }

    /// <summary>The whole of a use that has a counterpart: a call, the weight or the bias.</summary>
    private static SyntaxNode? Whole(ExpressionSyntax use) => use.Parent is MemberAccessExpressionSyntax access && access.Expression == use
        ? access.Name.Identifier.ValueText switch
        {
            "call" or "forward" => access.Parent is InvocationExpressionSyntax { ArgumentList.Arguments: [{ NameColon: null, RefKindKeyword.RawKind: 0 }] } call ? call : null,
            "weight" => access.Parent is AssignmentExpressionSyntax assignment && assignment.Left == access ? null : access,
            _ => null,
        }
        : null;

    private static ExpressionSyntax? Argument(IInvocationOperation made, string name) =>
        made.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == name && argument.ArgumentKind == ArgumentKind.Explicit)?.Value.Syntax as ExpressionSyntax;

    private static bool TryBias(IInvocationOperation made, out bool hasBias)
    {
        var argument = made.Arguments.FirstOrDefault(static argument => argument.Parameter?.Name == "hasBias");
        hasBias = argument?.Value.ConstantValue is { HasValue: true, Value: true };
        return argument?.Value.ConstantValue.HasValue == true;
    }
}
