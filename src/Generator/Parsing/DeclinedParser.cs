using System.Collections.Immutable;
using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads the partial properties that were meant as parameters, and that the generator does not implement.</summary>
/// <remarks>
/// A partial property without an implementation is an error after which the compiler asks no analyzer: the author would hear of it alone,
/// and not of the rule that says what is wrong. So each gets one that throws.
/// </remarks>
internal static class DeclinedParser
{
    private static readonly SymbolDisplayFormat Types = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier)
        .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeParamsRefOut);

    /// <summary>Whether a node may be such a property of a class that is not annotated.</summary>
    public static bool IsCandidate(SyntaxNode node) => node is BasePropertyDeclarationSyntax { AttributeLists.Count: > 0, Parent: TypeDeclarationSyntax type } property
        && property.Modifiers.Any(SyntaxKind.PartialKeyword)
        && IsDefinition(property)
        && !type.AttributeLists.Any(static list => list.Attributes.Any(static attribute => SourceReader.LastName(attribute.Name) is "ParameterModule" or "ParameterModuleAttribute"));

    /// <summary>Those of a class that is not annotated, for the first of them; else null.</summary>
    public static DeclinedModel? Parse(GeneratorSyntaxContext context, CancellationToken cancel) =>
        context.SemanticModel.GetDeclaredSymbol(context.Node, cancel) is IPropertySymbol { ContainingType: { } type } property
        && type.Attribute("ParameterModuleAttribute") is null
        && Find(type, null).Where(static found => IsMarked(found)).FirstOrDefault() is { } first
        && SymbolEqualityComparer.Default.Equals(first, property)
            ? Model(type, Find(type, null), cancel)
            : null;

    /// <summary>Those of an annotated class; null where there are none, and it lacks nothing else.</summary>
    /// <param name="type">The class.</param>
    /// <param name="module">What the generator implements; null where that is nothing.</param>
    /// <param name="cancel">Cancels.</param>
    public static DeclinedModel? Parse(INamedTypeSymbol type, ModuleModel? module, CancellationToken cancel) =>
        Find(type, module).ToImmutableArray() is var found && (!found.IsEmpty || (module is null && IsTaken(type))) ? Model(type, found, cancel) : null;

    private static IEnumerable<IPropertySymbol> Find(INamedTypeSymbol type, ModuleModel? module)
    {
        var names = new HashSet<string>(module?.Parameters.Select(static parameter => parameter.Property) ?? [], StringComparer.Ordinal);
        return type.GetMembers().OfType<IPropertySymbol>().Where(property => property is
        {
            IsPartialDefinition: true,
            PartialImplementationPart: null,
            IsAbstract: false,
            ExplicitInterfaceImplementations.IsEmpty: true,
            Type.TypeKind: not TypeKind.Error,
        } && (IsMarked(property) || KnownTypes.IsParameter(property.Type)) && (property.IsIndexer || names.Add(property.Name)));
    }

    private static bool IsMarked(IPropertySymbol property) => property.GetAttributes().Any(static attribute =>
        attribute.AttributeClass.IsAttribute("ParameterAttribute") || attribute.AttributeClass.IsAttribute("FromCheckpointAttribute") || attribute.AttributeClass.IsAttribute("ConstantAttribute"));

    private static DeclinedModel? Model(INamedTypeSymbol type, IEnumerable<IPropertySymbol> properties, CancellationToken cancel)
    {
        // Of what is no part, or of a file alone, no other file can have a part: there the compiler's own message is left.
        var containers = ModuleParser.Containers(type).ToList();
        if (containers.Exists(container => container.IsFileLocal || !IsPartial(container, cancel))) return null;
        return new DeclinedModel
        {
            FileName = ModuleParser.FileName(type) + "-declined",
            Namespace = Identifiers.Namespace(type.ContainingNamespace),
            Declarations = ((IEnumerable<INamedTypeSymbol>)containers).Reverse().Select(ModuleParser.Declaration).ToImmutableArray(),
            Properties = properties.Select(property => Property(property, cancel)).ToImmutableArray(),
            LacksEntries = IsTaken(type),
            LacksCreator = type is { TypeKind: TypeKind.Class, IsStatic: false }
                && !KnownTypes.BasesOf(type).Any(static owner => !owner.GetMembers(WrittenNames.Creator).IsEmpty)
                && !KnownTypes.BasesOf(type).Any(static owner => owner.Attribute("ParameterModuleAttribute") is not null && ModuleParser.IsCompletable(owner) && !WrittenNames.AreTaken(owner)),
        };
    }

    private static bool IsTaken(INamedTypeSymbol type) => type.Attribute("ParameterModuleAttribute") is not null && ModuleParser.IsCompletable(type) && WrittenNames.AreTaken(type);

    private static DeclinedProperty Property(IPropertySymbol property, CancellationToken cancel)
    {
        var syntax = (BasePropertyDeclarationSyntax)property.DeclaringSyntaxReferences[0].GetSyntax(cancel);
        var modifiers = string.Concat(syntax.Modifiers.Where(static modifier => !modifier.IsKind(SyntaxKind.PartialKeyword)).Select(static modifier => modifier.Text + " "));
        var reference = property.RefKind switch { RefKind.Ref => "ref ", RefKind.RefReadOnly => "ref readonly ", _ => "" };
        var name = property.IsIndexer ? $"this[{string.Join(", ", property.Parameters.Select(static parameter => parameter.ToDisplayString(Types)))}]" : Identifiers.Escape(property.Name);
        return new DeclinedProperty(
            $"{modifiers}partial {reference}{property.Type.ToDisplayString(Types)} {name}",
            (syntax.AccessorList?.Accessors ?? default).Select(ParameterParser.Accessor).ToImmutableArray(),
            syntax is PropertyDeclarationSyntax { Initializer: not null },
            $"{property.ContainingType.Name}.{property.MetadataName}",
            Rule(property));
    }

    private static string Rule(IPropertySymbol property)
    {
        if (property.ContainingType.Attribute("ParameterModuleAttribute") is null) return "LANY0006";
        if (!ModuleParser.IsCompletable(property.ContainingType)) return "LANY0002";
        if (WrittenNames.AreTaken(property.ContainingType) || WrittenNames.IsTakenInside(property.Name)) return "LANY0015";
        return KnownTypes.IsParameter(property.Type) ? "LANY0003" : "LANY0004";
    }

    private static bool IsDefinition(BasePropertyDeclarationSyntax property) => property is not PropertyDeclarationSyntax { ExpressionBody: not null } and not IndexerDeclarationSyntax { ExpressionBody: not null }
        && (property.AccessorList?.Accessors.All(static accessor => accessor is { Body: null, ExpressionBody: null }) ?? false);

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancel) => type.DeclaringSyntaxReferences.All(reference =>
        reference.GetSyntax(cancel) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
}
