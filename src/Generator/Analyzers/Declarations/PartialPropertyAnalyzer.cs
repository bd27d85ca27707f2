using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>A parameter is a property that the generator implements, and it alone: any other storage would lose the loader.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PartialPropertyAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0003";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A parameter is a partial property that the generator implements",
        "Parameter \"{0}\" {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var emitted = EmittedFiles.Of(context.Compilation);
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property.PartialDefinitionPart is not null) continue;
            if (property.Attribute("ParameterAttribute") is null)
            {
                if (IsUnmarked(property, emitted)) context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Member(property), property.Name, "has no [Parameter], so that nobody implements it; add [Parameter] with its model layout"));
                continue;
            }
            if (Wrong(property, emitted, context.CancellationToken) is { } wrong)
                context.ReportDiagnostic(Diagnostic.Create(Rule, wrong.Location, property.Name, wrong.Reason));
        }
    }

    // Where it has another of our attributes, the rule about that says so.
    private static bool IsUnmarked(IPropertySymbol property, EmittedFiles emitted) => property.IsPartialDefinition
        && KnownTypes.IsParameter(property.Type)
        && property.Attribute("FromCheckpointAttribute") is null
        && property.Attribute("ConstantAttribute") is null
        && (property.PartialImplementationPart is not { } implementation || emitted.Declares(implementation));

    private static (Location Location, string Reason)? Wrong(IPropertySymbol property, EmittedFiles emitted, CancellationToken cancel)
    {
        if (property.IsIndexer) return (Locate.Member(property), "is an indexer, which cannot hold one value; make it a property for each parameter");
        if (!property.ExplicitInterfaceImplementations.IsEmpty) return (Locate.Member(property), "implements an interface explicitly; declare it by itself, and let the interface's member return it");
        if (property.IsStatic) return (Locate.Modifier(property, SyntaxKind.StaticKeyword, cancel), "is static, and parameters belong to instances; remove \"static\"");
        if (property.IsAbstract) return (Locate.Modifier(property, SyntaxKind.AbstractKeyword, cancel), "is abstract, and the generator implements it here; remove \"abstract\"");
        if (property.RefKind != RefKind.None) return (Locate.Member(property), "returns a reference, past which its setter would never see an assignment; remove \"ref\"");
        if (Declaration(property, emitted, cancel) is not { } declaration) return (Locate.Member(property), "must be a partial property");
        if (!declaration.Modifiers.Any(SyntaxKind.PartialKeyword)) return (declaration.Identifier.GetLocation(), "keeps its value where no loader is; add \"partial\"");
        if (declaration.Initializer is { } initializer) return (initializer.GetLocation(), "has an initial value, which would get past its setter; assign it in the constructor");
        if (ImplementationOfAuthor(property, emitted, cancel) is { } implementation) return (implementation, "has an implementing part, which the generator writes; remove this one");
        return property.GetMethod is null ? (declaration.Identifier.GetLocation(), "cannot be read; add \"get\"") : null;
    }

    private static PropertyDeclarationSyntax? Declaration(IPropertySymbol property, EmittedFiles emitted, CancellationToken cancel)
    {
        var declaration = Locate.Declaration(property, cancel);
        return declaration is not null && emitted.Contains(declaration.SyntaxTree) ? null : declaration;
    }

    // Beside the generator's part the author's need not be the one that the symbol knows.
    private static Location? ImplementationOfAuthor(IPropertySymbol property, EmittedFiles emitted, CancellationToken cancel) => property.ContainingType.DeclaringSyntaxReferences
        .Where(reference => !emitted.Contains(reference.SyntaxTree))
        .SelectMany(reference => ((TypeDeclarationSyntax)reference.GetSyntax(cancel)).Members)
        .OfType<PropertyDeclarationSyntax>()
        .Where(part => part.Identifier.ValueText == property.Name && part.ExplicitInterfaceSpecifier is null && part.Modifiers.Any(SyntaxKind.PartialKeyword) && IsImplementation(part))
        .Select(static part => part.Identifier.GetLocation())
        .FirstOrDefault();

    private static bool IsImplementation(PropertyDeclarationSyntax part) => part.ExpressionBody is not null
        || (part.AccessorList?.Accessors ?? default).Any(static accessor => accessor.Body is not null || accessor.ExpressionBody is not null);
}
