using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lanyard.Generator.Parsing;

/// <summary>Recognises the types that the generator knows, by name: no look-up in the compilation.</summary>
internal static class KnownTypes
{
    public const string ParameterModuleAttribute = "Lanyard.ParameterModuleAttribute";

    public static bool IsAttribute(this INamedTypeSymbol? type, string name) =>
        type is { ContainingType: null, ContainingNamespace: { Name: "Lanyard", ContainingNamespace.IsGlobalNamespace: true } } && type.Name == name;

    public static AttributeData? Attribute(this ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass.IsAttribute(name));

    public static IEnumerable<AttributeData> Attributes(this ISymbol symbol, string name) =>
        symbol.GetAttributes().Where(attribute => attribute.AttributeClass.IsAttribute(name));

    /// <summary>The text of an attribute's argument, or empty where the author did not get that far.</summary>
    // The kind first: asked for its value, a list throws, and an author may write one where a text belongs.
    public static string Text(this AttributeData attribute, int argument) =>
        attribute.ConstructorArguments.Length > argument && attribute.ConstructorArguments[argument] is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : "";

    /// <summary>A named argument; one of no kind where it is not given.</summary>
    public static TypedConstant Constant(this AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value;

    public static object? Named(this AttributeData attribute, string name) =>
        attribute.Constant(name) is { Kind: TypedConstantKind.Primitive } constant ? constant.Value : null;

    /// <summary>The items of a list; none of what is no list.</summary>
    public static ImmutableArray<TypedConstant> Items(this TypedConstant constant) =>
        constant is { Kind: TypedConstantKind.Array, IsNull: false } ? constant.Values : [];

    /// <summary>A named argument of an enumeration as an expression: its member, or the number where it has none; null where it is not given.</summary>
    public static string? Enumeration(this AttributeData attribute, string name, string type)
    {
        var constant = attribute.Constant(name);
        if (constant is not { Kind: TypedConstantKind.Enum, Value: not null }) return null;
        return Expression(constant, type);
    }

    /// <summary>A constant of an enumeration as an expression: its member, or the number where it has none.</summary>
    public static string Expression(TypedConstant constant, string type)
    {
        var member = constant.Type!.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => constant.Value!.Equals(field.ConstantValue));
        return member is null ? string.Format(CultureInfo.InvariantCulture, "({0})({1})", type, constant.Value) : type + "." + member.Name;
    }

    public static bool IsParameter(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Parameter", Arity: 0, ContainingType: null } && IsTorchModules(type.ContainingNamespace);

    public static bool IsTensor(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Tensor", Arity: 0, ContainingType: { Name: "torch" } torch } && IsTorch(torch.ContainingNamespace);

    public static bool IsModuleList(ITypeSymbol type) => BasesOf(type).Any(IsModuleListItself);

    public static bool IsModuleListItself(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "ModuleList", Arity: 1, ContainingType: null } && IsTorchModules(type.ContainingNamespace);

    public static bool IsModule(ITypeSymbol type) => type is ITypeParameterSymbol parameter
        ? parameter.ConstraintTypes.Any(IsModule)
        : BasesOf(type).Any(IsModuleItself);

    /// <summary>Whether the type is a list of modules that code can count on: an array, or anything with an index.</summary>
    public static bool IsListOfModules(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.IsSZArray && IsModule(array.ElementType),
        INamedTypeSymbol { IsReferenceType: true } named => IsReadOnlyListOfModules(named) || named.AllInterfaces.Any(IsReadOnlyListOfModules),
        _ => false,
    };

    /// <summary>The type of the items of a list of modules.</summary>
    public static ITypeSymbol? ItemOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol named => named.AllInterfaces.Insert(0, named).FirstOrDefault(IsReadOnlyListOfModules)?.TypeArguments[0],
        _ => null,
    };

    public static IEnumerable<INamedTypeSymbol> BasesOf(ITypeSymbol type)
    {
        for (var current = type as INamedTypeSymbol; current is not null; current = current.BaseType) yield return current;
    }

    /// <summary>The type of a field, a property or an argument; null of anything else.</summary>
    public static ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol argument => argument.Type,
        _ => null,
    };

    /// <summary>Whether a type is one of those that every module of TorchSharp derives from.</summary>
    public static bool IsTorchModule(INamedTypeSymbol type) => type is { ContainingType: { Name: "nn", ContainingType: { Name: "torch" } torch } } && IsTorch(torch.ContainingNamespace);

    /// <summary>Whether a type is the interface that TorchSharp's modules with a forward pass have.</summary>
    public static bool IsModuleInterface(ITypeSymbol type) => type is INamedTypeSymbol { TypeKind: TypeKind.Interface, Name: "IModule", ContainingNamespace: var space } && IsTorch(space);

    /// <summary>Whether a type is one of TorchSharp's, for models.</summary>
    public static bool IsOfTorch(INamedTypeSymbol? type) => type is not null && (IsTorch(type.ContainingNamespace) || IsTorchModules(type.ContainingNamespace));

    /// <summary>Whether a type is of the library that reads and writes PyTorch's files for TorchSharp.</summary>
    public static bool IsOfPyBridge(INamedTypeSymbol? type) => type?.ContainingNamespace is { Name: "PyBridge", ContainingNamespace: var space } && IsTorch(space);

    /// <summary>The parameter of the class's primary constructor that has the name, or null.</summary>
    public static ISymbol? PrimaryParameter(INamedTypeSymbol type, string name) => type.InstanceConstructors
        .SelectMany(static constructor => constructor.Parameters)
        .FirstOrDefault(parameter => parameter.Name == name
            && parameter.ContainingSymbol.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax));

    private static bool IsReadOnlyListOfModules(INamedTypeSymbol type) =>
        type is { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IReadOnlyList_T } && IsModule(type.TypeArguments[0]);

    private static bool IsModuleItself(INamedTypeSymbol type) =>
        type is { Name: "Module", Arity: 0, ContainingType: { Name: "nn", ContainingType: { Name: "torch" } torch } } && IsTorch(torch.ContainingNamespace);

    private static bool IsTorch(INamespaceSymbol? space) => space is { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true };

    private static bool IsTorchModules(INamespaceSymbol? space) => space is { Name: "Modules" } && IsTorch(space.ContainingNamespace);
}
