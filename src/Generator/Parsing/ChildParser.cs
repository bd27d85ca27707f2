using System.Collections.Immutable;
using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads the properties that hold child modules.</summary>
internal static class ChildParser
{
    public static EquatableArray<ChildModel> Parse(ImmutableArray<ISymbol> members, SourceReader reader) => members
        .OfType<IPropertySymbol>()
        .Select(property => KindOf(property) is { } kind && Holds(property, reader.Cancel) ? Child(property, kind, reader) : null)
        .Where(static child => child is not null)
        .Select(static child => child!)
        .ToImmutableArray();

    /// <summary>Whether the property holds children: it is of such a type, and they are not another property's.</summary>
    public static bool IsChild(IPropertySymbol property) => KindOf(property) is not null && Holds(property, default);

    private static ChildKind? KindOf(IPropertySymbol property)
    {
        if (property is not { IsStatic: false, IsIndexer: false, GetMethod: not null, ExplicitInterfaceImplementations.IsEmpty: true }) return null;
        if (KnownTypes.IsModuleList(property.Type)) return ChildKind.ModuleList;
        if (KnownTypes.IsModule(property.Type)) return ChildKind.Single;
        return KnownTypes.IsListOfModules(property.Type) ? ChildKind.List : null;
    }

    private static ChildModel Child(IPropertySymbol property, ChildKind kind, SourceReader reader)
    {
        var name = SnakeCase.Of(property.Name);
        var attributes = reader.Attributes(property, "CheckpointName");
        var names = attributes.Select(static stated => new ChildNameModel(stated.Named("Convention") as string ?? "", stated.Named("Format") as string ?? "", stated.Text(0))).ToList();

        // A child whose names are all of conventions has the first of them where no convention is asked for.
        var stated = names.Where(static named => named.Format.Length == 0).OrderBy(static named => named.Convention.Length > 0).FirstOrDefault();
        var child = reader.Attributes(property, "Child").FirstOrDefault();
        return new ChildModel(property.Name, name, stated is null || (stated.Name.Length == 0 && stated.Convention.Length == 0) ? name : stated.Name, kind)
        {
            Names = names.Where(static named => named.Format.Length > 0 || named.Convention.Length > 0).ToImmutableArray(),
            IsSettable = IsSettable(property, kind),
            IsOptional = property.NullableAnnotation != NullableAnnotation.NotAnnotated,
            Classes = Classes(child, property, kind).ToImmutableArray(),
            Axes = child?.Named("Axes") as string,
            When = ParameterParser.When(property.ContainingType, child?.Named("When")),
            Numbers = kind == ChildKind.Single ? null : Numbers(property.ContainingType, attributes),
        };
    }

    // A module list is made anew, and of a class that derives from it nobody knows how.
    private static bool IsSettable(IPropertySymbol property, ChildKind kind) =>
        property is { SetMethod.IsInitOnly: false, RefKind: RefKind.None } && (kind != ChildKind.ModuleList || KnownTypes.IsModuleListItself(property.Type));

    private static IEnumerable<string> Classes(WrittenAttribute? child, IPropertySymbol property, ChildKind kind)
    {
        var stated = child?.Types() ?? [];
        return stated.Count > 0 ? stated.Select(ClassName).OfType<string>() : ClassName(ItemType(property.Type, kind)) is { } name ? [name] : [];
    }

    private static ITypeSymbol? ItemType(ITypeSymbol type, ChildKind kind) => kind switch
    {
        ChildKind.Single => type,
        ChildKind.ModuleList => KnownTypes.BasesOf(type).First(KnownTypes.IsModuleListItself).TypeArguments[0],
        _ => KnownTypes.ItemOf(type),
    };

    /// <summary>A class of an author's, as metadata spells it; of TorchSharp's, which say nothing of a map, null.</summary>
    private static string? ClassName(ITypeSymbol? type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Select(ClassName).FirstOrDefault(static name => name is not null),
        INamedTypeSymbol named when !KnownTypes.IsOfTorch(named) && !KnownTypes.IsTorchModule(named) => Identifiers.Metadata(named),
        _ => null,
    };

    private static ListNumbersModel? Numbers(INamedTypeSymbol type, List<WrittenAttribute> attributes)
    {
        var (first, numbers, total) = (Member("First"), Member("Numbers"), Member("Total"));
        return (first ?? numbers ?? total) is null ? null : new ListNumbersModel(first, numbers, total);

        MemberModel? Member(string argument) => MemberParser.Named(type, attributes.Select(attribute => attribute.Named(argument) as string).FirstOrDefault(static name => !string.IsNullOrEmpty(name)));
    }

    // "First => Layers[0]" names a child of someone else a second time: registered, it would be loaded twice.
    private static bool Holds(IPropertySymbol property, CancellationToken cancel)
    {
        if (property.IsAbstract || Getter(property, cancel) is not { } getter) return true;
        var results = Returned(getter).SelectMany(ResultsOf).ToList();
        var names = new PlainNames(getter);
        return results.Count > 0 && results.TrueForAll(result => StorageOf(property.ContainingType, names, result) is not null);
    }

    /// <summary>The fields of the class, or parameters of its primary constructor, that a child property hands out, and whether it always does.</summary>
    public static (ImmutableArray<ISymbol> Fields, bool Always) Storage(IPropertySymbol property, CancellationToken cancel)
    {
        if (Getter(property, cancel) is not { } getter) return ([], false);
        var (returned, names) = (Returned(getter).ToList(), new PlainNames(getter));
        var fields = returned.SelectMany(ResultsOf).Select(result => StorageOf(property.ContainingType, names, result)).OfType<ISymbol>();
        return ([.. fields], returned.Count == 1 && !returned[0].DescendantNodesAndSelf().Any(static node =>
            node is ConditionalExpressionSyntax or SwitchExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression }));
    }

    /// <summary>The body of a getter; null where the property stores its value itself, or where its body is not known.</summary>
    private static SyntaxNode? Getter(IPropertySymbol property, CancellationToken cancel)
    {
        if ((property.PartialImplementationPart ?? property).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancel) is not PropertyDeclarationSyntax syntax) return null;
        var getter = (syntax.AccessorList?.Accessors ?? default).FirstOrDefault(static accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
        SyntaxNode? body = syntax.ExpressionBody ?? getter?.ExpressionBody ?? (SyntaxNode?)getter?.Body;
        return body is null || body.DescendantNodes().Any(static node => node.IsKind(SyntaxKind.FieldExpression)) ? null : body;
    }

    private static IEnumerable<ExpressionSyntax> Returned(SyntaxNode body) => body is ArrowExpressionClauseSyntax arrow
        ? [arrow.Expression]
        : body.DescendantNodes(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ReturnStatementSyntax>()
            .Select(static statement => statement.Expression)
            .OfType<ExpressionSyntax>();

    /// <summary>What an expression may come to, but for nothing at all.</summary>
    private static IEnumerable<ExpressionSyntax> ResultsOf(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax or DefaultExpressionSyntax or ThrowExpressionSyntax => [],
        ParenthesizedExpressionSyntax inner => ResultsOf(inner.Expression),
        CastExpressionSyntax inner => ResultsOf(inner.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner => ResultsOf(inner.Operand),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.AsExpression } either => ResultsOf(either.Left),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression } either => ResultsOf(either.Left),
        ConditionalExpressionSyntax either => ResultsOf(either.WhenTrue).Concat(ResultsOf(either.WhenFalse)),
        SwitchExpressionSyntax either => either.Arms.SelectMany(static arm => ResultsOf(arm.Expression)),
        _ => [expression],
    };

    private static ISymbol? StorageOf(INamedTypeSymbol type, PlainNames names, ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } member => Field(type, member.Name),
        MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax } member => Field(type.BaseType!, member.Name),
        IdentifierNameSyntax name when names.IsFree(name) => Field(type, name) ?? KnownTypes.PrimaryParameter(type, name.Identifier.ValueText),
        _ => null,
    };

    private static ISymbol? Field(INamedTypeSymbol type, SimpleNameSyntax name) =>
        KnownTypes.BasesOf(type).SelectMany(owner => owner.GetMembers(name.Identifier.ValueText)).FirstOrDefault(static member => member is IFieldSymbol { IsStatic: false });
}
