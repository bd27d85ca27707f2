using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>What a constructor is told of rank, type and device reaches the parameters.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContextAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0052";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "What a constructor is told of rank, type and device reaches the parameters",
        "Hand \"{0}\" on, to CreateParameters({1}: {0}) or to a child: without it the parameters of \"{2}\" are made {3}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var reader = new SourceReader(context.Compilation, context.CancellationToken);
        if (ParameterParser.Find(type.GetMembers(), reader).IsEmpty && ChildParser.Parse(type.GetMembers(), reader).Count == 0) return;
        foreach (var constructor in type.InstanceConstructors)
        {
            var declared = constructor.PartialImplementationPart ?? constructor;
            if (declared.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(context.CancellationToken) is not { } declaration) continue;
            foreach (var parameter in declared.Parameters)
            {
                if (Told(parameter.Type) is not var (name, otherwise) || IsHandedOn(Scope(declaration, type, context), parameter.Name)) continue;
                context.ReportDiagnostic(Diagnostic.Create(Rule, parameter.Locations[0], parameter.Name, name, type.Name, otherwise));
            }
        }
    }

    private static (string Name, string Otherwise)? Told(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] }) type = value;
        return type.ToDisplayString(NullableFlowState.None, SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.None)) switch
        {
            "global::Lanyard.Topology" => ("topology", "whole on every rank"),
            "global::TorchSharp.torch.ScalarType" => ("type", "in float32"),
            "global::TorchSharp.torch.Device" => ("device", "on the CPU"),
            _ => null,
        };
    }

    /// <summary>Where a parameter of a constructor can be used; one of a primary constructor in the whole class.</summary>
    private static IEnumerable<SyntaxNode> Scope(SyntaxNode declaration, INamedTypeSymbol type, SymbolAnalysisContext context)
    {
        if (declaration is ConstructorDeclarationSyntax) return [declaration];
        var emitted = EmittedFiles.Of(context.Compilation);
        return type.DeclaringSyntaxReferences.Where(reference => !emitted.Contains(reference.SyntaxTree)).Select(reference => reference.GetSyntax(context.CancellationToken));
    }

    // To anything that is called: a child, a base class, CreateParameters, or a helper that knows what to do with it. One that is only kept is not.
    private static bool IsHandedOn(IEnumerable<SyntaxNode> scope, string name) => scope
        .SelectMany(static node => node.DescendantNodes())
        .OfType<IdentifierNameSyntax>()
        .Any(identifier => identifier.Identifier.ValueText == name && identifier.Ancestors().TakeWhile(static node => node is not StatementSyntax).Any(static node => node is ArgumentSyntax { Parent: ArgumentListSyntax } or InvocationExpressionSyntax));
}
