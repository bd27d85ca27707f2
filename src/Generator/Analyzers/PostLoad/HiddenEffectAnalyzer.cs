using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>Everything that a post-load method does to parameters stands in its body, where the generator reads it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HiddenEffectAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0022";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "The effects of a post-load method can be read from its body",
        "\"{0}\" {1}: the generator cannot read what happens to parameters there. Read and assign them in the body itself.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    // What TorchSharp's Module tells without a look at parameters or children.
    private static readonly HashSet<string> Harmless =
    [
        "training", "train", "eval", "name", "GetName", "_deviceType", "_deviceIndex", "GetDefaultDeviceAndType",
        "buffers", "named_buffers", "get_buffer", "has_buffer", "register_buffer", "ConditionallyRegisterBuffer", "_internal_buffers",
    ];

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => MemberGraph.Register(
        context,
        static (start, graph) =>
        {
            start.RegisterOperationAction(
                context =>
                {
                    if (Operation.IsNamed(context.Operation) || Hidden(context.Operation, start.Symbol, graph) is not { } what) return;
                    var (location, name) = (Locate.Name(context.Operation.Syntax), context.ContainingSymbol.Name);
                    graph.Found(context, () => Diagnostic.Create(Rule, location, name, what));
                },
                OperationKind.InstanceReference,
                OperationKind.Invocation,
                OperationKind.MethodReference,
                OperationKind.PropertyReference,
                OperationKind.FieldReference,
                OperationKind.EventReference,
                OperationKind.ParameterReference,
                OperationKind.Argument,
                OperationKind.DynamicMemberReference,
                OperationKind.DynamicInvocation,
                OperationKind.DynamicIndexerAccess);
        },
        static (graph, member) => graph.RunsAfterLoads(member));

    private static string? Hidden(IOperation operation, INamedTypeSymbol type, MemberGraph graph) => operation switch
    {
        _ when StoredDelegate(operation) is { } stored => $"uses \"{stored.Name}\", which holds code from elsewhere",
        IInstanceReferenceOperation self => IsHandedOn(self, type) ? "hands its instance on" : null,
        IArgumentOperation { Value: var value } => Operation.Bare(value) is not { } bare || Operation.IsThis(bare) ? null
            : Held.Holds(bare.Type, IsTree) ? "hands another module on"
            : IsSet(bare) ? "hands its parameters on" : null,
        IInvocationOperation call => Used(call, call.TargetMethod, call.Instance, type, graph),
        IMethodReferenceOperation method => Used(method, method.Method, method.Instance, type, graph),
        IPropertyReferenceOperation property => Used(property, property.Property, property.Instance, type, graph),
        IFieldReferenceOperation { Field: var field } used => Operation.IsThis(used.Instance) && IsTorch(field) && !Harmless.Contains(field.Name) ? Reaching(field) : null,
        IDynamicMemberReferenceOperation or IDynamicIndexerAccessOperation or IDynamicInvocationOperation { Operation: not IDynamicMemberReferenceOperation } => "uses what is bound at run time",
        _ => null,
    };

    /// <summary>"this.W" names a member that the generator follows; anything else hands the instance on.</summary>
    private static bool IsHandedOn(IInstanceReferenceOperation self, INamedTypeSymbol type)
    {
        if (!Operation.IsThis(self)) return false;
        var member = self.Parent switch
        {
            IMemberReferenceOperation reference when reference.Instance == self => reference.Member,
            IInvocationOperation call when call.Instance == self => call.TargetMethod,
            _ => null,
        };
        if (member is null) return !self.IsImplicit;
        return !KnownTypes.BasesOf(type).Any(owner => SymbolEqualityComparer.Default.Equals(owner.OriginalDefinition, member.OriginalDefinition.ContainingType));
    }

    /// <summary>A delegate that somebody has put somewhere: one that the body itself makes can be read, this one cannot.</summary>
    private static ISymbol? StoredDelegate(IOperation operation)
    {
        if (operation.Parent is IEventAssignmentOperation || (operation.Parent is IAssignmentOperation assignment && assignment.Target == operation)) return null;
        return operation switch
        {
            IFieldReferenceOperation { Field: var field } when Code.IsCode(field.OriginalDefinition.Type) => field,
            IPropertyReferenceOperation { Property: var property } when Code.IsCode(property.OriginalDefinition.Type) && Declared.Stored(property.ContainingType.OriginalDefinition).Any(stored => SymbolEqualityComparer.Default.Equals(stored.Member, property.OriginalDefinition)) => property,
            IEventReferenceOperation { Event: var raised } => raised,
            IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter } when Code.IsCode(parameter.Type) => parameter,
            _ => null,
        };
    }

    private static string? Used(IOperation operation, ISymbol member, IOperation? instance, INamedTypeSymbol type, MemberGraph graph)
    {
        var property = member as IPropertySymbol;
        var isTarget = operation.Parent is IAssignmentOperation assignment && assignment.Target == operation;
        if (property is not null && Annotated.IsParameter(property)) return Operation.IsThis(instance) || isTarget ? null : $"reads \"{member.Name}\" of another module";
        if (member is { Name: "Value", ContainingType.Name: "BoundParameter" })
            return instance is IPropertyReferenceOperation { Property.IsIndexer: false, Instance: IPropertyReferenceOperation { Property.Name: "Parameters", Instance: var owner } } && Operation.IsThis(owner) ? null : "reads a parameter without its name";
        if (!Operation.IsThis(instance)) return Operation.Bare(instance)?.Type is { } other && IsTree(other) == true ? OfAnother(member, other) : null;
        // The generated class overrides some of them; the forward pass is the author's.
        if (Overridden(member) is { Name: not "forward" } inherited && IsTorch(inherited)) return Harmless.Contains(member.Name) ? null : Reaching(member);
        if (!graph.IsOwn(member) && IsTorch(member)) return Reaching(member);
        if (!graph.IsOwn(member) && !IsBetween(member, type)) return null;
        if (!graph.IsOwn(member) && ComesBack(member, type)) return $"uses \"{member.Name}\" of \"{member.ContainingType.Name}\", which uses what this class overrides";
        if (!type.IsSealed && (member.IsVirtual || member.IsAbstract || member is { IsOverride: true, IsSealed: false })) return $"uses \"{member.Name}\", which another class can replace";
        return property is { IsIndexer: true } ? "uses an indexer of the class" : null;
    }

    /// <summary>Whether a value is all parameters of a module, or one that has no name here.</summary>
    private static bool IsSet(IOperation value) => IsSet(value.Type!)
        || (value.Type is INamedTypeSymbol type && type.IsAttribute("BoundParameter") && value is not IPropertyReferenceOperation { Property: { IsIndexer: false, ContainingType.Name: "ParameterEntries" } });

    private static bool IsSet(ITypeSymbol type) => KnownTypes.BasesOf(type).Any(static type => type.IsAttribute("ParameterSet"));

    private static bool IsBetween(ISymbol member, INamedTypeSymbol type) =>
        Declared.Between(type).Any(parent => SymbolEqualityComparer.Default.Equals(parent.OriginalDefinition, member.OriginalDefinition.ContainingType));

    private static string Reaching(ISymbol member) => $"uses \"{member.Name}\", which reaches all of them";

    /// <summary>Whether a type is of modules that may have parameters of an annotated class, or such modules below them. What TorchSharp seals is whole without them.</summary>
    private static bool? IsTree(ITypeSymbol type) => type switch
    {
        { Name: "WeakReference" } => null,
        _ when !KnownTypes.IsModule(type) => false,
        INamedTypeSymbol { IsSealed: true } whole when IsTorch(whole) => null,
        _ => true,
    };

    /// <summary>What a member of another module does that cannot be read here; a property tells what it stores, and what it makes of that.</summary>
    private static string? OfAnother(ISymbol member, ITypeSymbol other)
    {
        if (member is not IPropertySymbol property) return $"calls \"{member.Name}\" of another module";
        if (IsTorch(property) || property.IsIndexer || property.OriginalDefinition.Attribute("AxisAttribute") is not null || Held.Holds(property.Type, IsTree) || IsSet(property.Type)) return null;
        if (Declared.Stored(property.OriginalDefinition.ContainingType).Any(stored => SymbolEqualityComparer.Default.Equals(stored.Member, property.OriginalDefinition))) return null;
        var owners = KnownTypes.BasesOf(other).TakeWhile(static owner => !IsTorch(owner)).ToList();
        var isHidden = Parts.Of(property.OriginalDefinition).IsEmpty || property.IsVirtual || property.IsAbstract || property is { IsOverride: true, IsSealed: false }
            ? !IsPlain(property.Type)
            : Uses(property, owners, name => name == "Parameters" || owners.Exists(owner => owner.GetMembers(name).Any(static named => named is IPropertySymbol parameter && Annotated.IsParameter(parameter))), []);
        return isHidden ? $"reads \"{member.Name}\" of another module, which may read its parameters" : null;
    }

    // Of code that cannot be seen: numbers of weights are no integers.
    private static bool IsPlain(ITypeSymbol type) => type.TypeKind == TypeKind.Enum
        || type.SpecialType is SpecialType.System_Boolean or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_String;

    /// <summary>Whether a member of a base class uses, itself or by others, what the class overrides: the generator reads the class alone.</summary>
    private static bool ComesBack(ISymbol member, INamedTypeSymbol type)
    {
        // Of another assembly only the names are known.
        if (Parts.Of(member.OriginalDefinition).IsEmpty)
            return !Declared.Stored(member.OriginalDefinition.ContainingType).Any(stored => SymbolEqualityComparer.Default.Equals(stored.Member, member.OriginalDefinition)) && type.GetMembers().Any(own => IsOverriding(own) && IsBetween(Overridden(own)!, type));
        return Uses(member, [.. Declared.Between(type)], name => type.GetMembers(name).Any(IsOverriding), []);
    }

    /// <summary>Whether a member names what is meant, or what reaches all parameters of a module, itself or by other members of its class.</summary>
    private static bool Uses(ISymbol member, IReadOnlyList<INamedTypeSymbol> owners, Func<string, bool> isMeant, HashSet<ISymbol> seen)
    {
        if (!seen.Add(member.OriginalDefinition)) return false;
        var names = new HashSet<string>(Parts.Of(member.OriginalDefinition)
            .SelectMany(static part => part.GetSyntax().DescendantNodes().OfType<SimpleNameSyntax>())
            .Where(static name => name.Parent is not MemberAccessExpressionSyntax access || access.Name != name || access.Expression is ThisExpressionSyntax or BaseExpressionSyntax)
            .Select(static name => name.Identifier.ValueText));
        var torch = owners.Count == 0 ? [] : KnownTypes.BasesOf(owners[0]).Where(IsTorch);
        return names.Any(name => isMeant(name) || (!Harmless.Contains(name) && torch.Any(parent => !parent.GetMembers(name).IsEmpty)))
            || owners.SelectMany(static owner => owner.GetMembers())
                .Any(other => names.Contains(other.Name) && other is IMethodSymbol or IPropertySymbol && Uses(other, owners, isMeant, seen));
    }

    // An axis is no parameter, and where a base class needs one it is declared so.
    private static bool IsOverriding(ISymbol member) =>
        member.IsOverride && (member is IMethodSymbol { AssociatedSymbol: { } property } ? property : member).Attribute("AxisAttribute") is null;

    private static ISymbol? Overridden(ISymbol member) => member switch
    {
        IMethodSymbol { OverriddenMethod: { } method } => Overridden(method),
        IPropertySymbol { OverriddenProperty: { } property } => Overridden(property),
        IEventSymbol { OverriddenEvent: { } raised } => Overridden(raised),
        _ => member,
    };

    private static bool IsTorch(ISymbol member) => KnownTypes.IsOfTorch(member as INamedTypeSymbol ?? member.ContainingType);
}
