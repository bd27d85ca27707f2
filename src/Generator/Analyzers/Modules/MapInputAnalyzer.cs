using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Modules;

/// <summary>What a map is made of does not change once an instance is there.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MapInputAnalyzer() : ModuleAnalyzer(Rule)
{
    private static readonly HashSet<string> Changing =
        ["Add", "AddRange", "Insert", "InsertRange", "Remove", "RemoveAt", "RemoveRange", "RemoveAll", "Clear", "Reverse", "Sort", "append", "extend", "insert"];

    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0039";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Axes, conditions and children are set in a constructor",
        "\"{0}\" is {1}, and its value is part of the map: changed later, parameters would have another layout than the map says. Set it in a constructor of \"{2}\".",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context)
    {
        context.RegisterOperationAction(
            static context =>
            {
                foreach (var target in Operation.Targets(context.Operation)) Check(context, target);
            },
            OperationKind.SimpleAssignment,
            OperationKind.CompoundAssignment,
            OperationKind.CoalesceAssignment,
            OperationKind.DeconstructionAssignment,
            OperationKind.Increment,
            OperationKind.Decrement);
        context.RegisterOperationAction(
            static context =>
            {
                var argument = (IArgumentOperation)context.Operation;
                if (argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out) Check(context, argument.Value);
            },
            OperationKind.Argument);
        context.RegisterOperationAction(
            static context =>
            {
                var call = (IInvocationOperation)context.Operation;
                if (Changing.Contains(call.TargetMethod.Name) && IsList(call.Instance?.Type)) Check(context, call.Instance!);
            },
            OperationKind.Invocation);
    }

    private static void Check(OperationAnalysisContext context, IOperation target)
    {
        // Layers[0] = x changes the list of children.
        var bare = Operation.Bare(target) switch
        {
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list } when IsList(list.Type) => Operation.Bare(list),
            IArrayElementReferenceOperation { ArrayReference: var list } when IsList(list.Type) => Operation.Bare(list),
            var other => other,
        };
        if (bare is not IMemberReferenceOperation reference) return;
        var member = reference.Member.OriginalDefinition;
        var isInherited = member.ContainingType?.Attribute("ParameterModuleAttribute") is null;
        var owner = isInherited ? AnnotatedClass(Operation.IsThis(reference.Instance) ? context.ContainingSymbol.ContainingType : Operation.Bare(reference.Instance)?.Type) : member.ContainingType;
        if (owner is null || (isInherited && !IsCondition(member, owner)) || Kind(member, owner) is not { } kind) return;
        if (IsInitialised(reference, kind) || IsConstructing(context, reference, owner)) return;
        context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(reference.Syntax), member.Name, kind, owner.Name));
    }

    private static bool IsList(ITypeSymbol? type) => type is not null && (KnownTypes.IsModuleList(type) || KnownTypes.IsListOfModules(type));

    private static string? Kind(ISymbol member, INamedTypeSymbol owner) =>
        member.Attribute("AxisAttribute") is not null ? "an axis"
        : IsCondition(member, owner) ? "the condition of a parameter"
        : member is IPropertySymbol { IsIndexer: false, IsStatic: false } property && ChildParser.IsChild(property) ? "a child"
        : null;

    private static bool IsCondition(ISymbol member, INamedTypeSymbol owner) =>
        Declared.Parameters(owner).Any(parameter => parameter.Attribute.Named("When") as string == member.Name);

    /// <summary>The annotated class that a value is of, by which a condition in a base class is known.</summary>
    private static INamedTypeSymbol? AnnotatedClass(ITypeSymbol? type) => type is null ? null
        : KnownTypes.BasesOf(type).FirstOrDefault(static parent => parent.Attribute("ParameterModuleAttribute") is not null)?.OriginalDefinition;

    private static bool IsConstructing(OperationAnalysisContext context, IMemberReferenceOperation reference, INamedTypeSymbol owner) =>
        Operation.IsThis(reference.Instance) && !Operation.IsDeferred(reference)
        && context.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
        && SymbolEqualityComparer.Default.Equals(constructor.ContainingType.OriginalDefinition, owner);

    // A child that comes later registers late, before to() and loads; an axis would come after the parameters that it sizes.
    private static bool IsInitialised(IMemberReferenceOperation reference, string kind) => kind == "a child" && reference.Member is IPropertySymbol { SetMethod.IsInitOnly: true };
}
