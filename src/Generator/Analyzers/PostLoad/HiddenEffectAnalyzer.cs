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

    private static readonly HashSet<string> ByName = ["parameters", "named_parameters", "get_parameter", "state_dict", "call", "apply", "save"];

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
                OperationKind.Argument);
        },
        static (graph, member) => graph.RunsAfterLoads(member));

    private static string? Hidden(IOperation operation, INamedTypeSymbol type, MemberGraph graph) => operation switch
    {
        _ when StoredDelegate(operation) is { } stored => $"uses \"{stored.Name}\", which holds code from elsewhere",
        IInstanceReferenceOperation self => IsHandedOn(self, type) ? "hands its instance on" : null,
        IArgumentOperation { Value: var value } => Operation.Bare(value) is not { } bare || Operation.IsThis(bare) ? null
            : Annotated.IsModule(bare.Type) ? "hands another module on"
            : IsSet(bare) ? "hands its parameters on" : null,
        IInvocationOperation call => Used(call, call.TargetMethod, call.Instance, type, graph),
        IMethodReferenceOperation method => Used(method, method.Method, method.Instance, type, graph),
        IPropertyReferenceOperation property => Used(property, property.Property, property.Instance, type, graph),
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
            IFieldReferenceOperation { Field: var field } when HoldsDelegate(field.OriginalDefinition.Type) => field,
            IPropertyReferenceOperation { Property: var property } when HoldsDelegate(property.OriginalDefinition.Type) && Declared.Stored(property.ContainingType.OriginalDefinition).Any(stored => SymbolEqualityComparer.Default.Equals(stored.Member, property.OriginalDefinition)) => property,
            IEventReferenceOperation { Event: var raised } => raised,
            IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter } when HoldsDelegate(parameter.Type) => parameter,
            _ => null,
        };
    }

    private static bool HoldsDelegate(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => HoldsDelegate(array.ElementType),
        INamedTypeSymbol { TypeKind: TypeKind.Delegate } or { SpecialType: SpecialType.System_Delegate or SpecialType.System_MulticastDelegate } => true,
        INamedTypeSymbol generic => generic.TypeArguments.Any(HoldsDelegate),
        _ => false,
    };

    private static string? Used(IOperation operation, ISymbol member, IOperation? instance, INamedTypeSymbol type, MemberGraph graph)
    {
        var property = member as IPropertySymbol;
        var isTarget = operation.Parent is IAssignmentOperation assignment && assignment.Target == operation;
        if (property is not null && Annotated.IsParameter(property)) return Operation.IsThis(instance) || isTarget ? null : $"reads \"{member.Name}\" of another module";
        if (member is { Name: "Value", ContainingType.Name: "BoundParameter" })
            return instance is IPropertyReferenceOperation { Property.IsIndexer: false, Instance: IPropertyReferenceOperation { Property.Name: "Parameters", Instance: var owner } } && Operation.IsThis(owner) ? null : "reads a parameter without its name";
        if (!Operation.IsThis(instance))
            return property is null && Annotated.IsModule(Operation.Bare(instance)?.Type) ? $"calls \"{member.Name}\" of another module" : null;
        if (!graph.IsOwn(member) && property is null && ByName.Contains(member.Name) && IsTorch(member)) return $"calls \"{member.Name}\", which reads all of them";
        if (!graph.IsOwn(member) && !IsBetween(member, type)) return null;
        if (!graph.IsOwn(member) && ComesBack(member, type, [])) return $"uses \"{member.Name}\" of \"{member.ContainingType.Name}\", which uses what this class overrides";
        if (!type.IsSealed && (member.IsVirtual || member.IsAbstract || member is { IsOverride: true, IsSealed: false })) return $"uses \"{member.Name}\", which another class can replace";
        return property is { IsIndexer: true } ? "uses an indexer of the class" : null;
    }

    /// <summary>Whether a value is all parameters of a module, or one that has no name here.</summary>
    private static bool IsSet(IOperation value) => KnownTypes.BasesOf(value.Type!).Any(static type => type.IsAttribute("ParameterSet"))
        || (value.Type is INamedTypeSymbol type && type.IsAttribute("BoundParameter") && value is not IPropertyReferenceOperation { Property: { IsIndexer: false, ContainingType.Name: "ParameterEntries" } });

    private static bool IsBetween(ISymbol member, INamedTypeSymbol type) =>
        Declared.Between(type).Any(parent => SymbolEqualityComparer.Default.Equals(parent.OriginalDefinition, member.OriginalDefinition.ContainingType));

    /// <summary>Whether a member of a base class uses, itself or by others, what the class overrides: the generator reads the class alone.</summary>
    private static bool ComesBack(ISymbol member, INamedTypeSymbol type, HashSet<ISymbol> seen)
    {
        if (!seen.Add(member.OriginalDefinition)) return false;
        var parts = Parts.Of(member.OriginalDefinition);
        // Of another assembly only the names are known.
        if (parts.IsEmpty) return !Declared.Stored(member.OriginalDefinition.ContainingType).Any(stored => SymbolEqualityComparer.Default.Equals(stored.Member, member.OriginalDefinition)) && type.GetMembers().Any(own => IsOverriding(own) && IsBetween(Overridden(own)!, type));
        var names = new HashSet<string>(parts
            .SelectMany(static part => part.GetSyntax().DescendantNodes().OfType<SimpleNameSyntax>())
            .Where(static name => name.Parent is not MemberAccessExpressionSyntax access || access.Name != name || access.Expression is ThisExpressionSyntax or BaseExpressionSyntax)
            .Select(static name => name.Identifier.ValueText));
        return names.Any(name => ByName.Contains(name) || type.GetMembers(name).Any(IsOverriding))
            || Declared.Between(type).SelectMany(static parent => parent.GetMembers())
                .Any(other => names.Contains(other.Name) && other is IMethodSymbol or IPropertySymbol && ComesBack(other, type, seen));
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

    private static bool IsTorch(ISymbol member) => member.ContainingType.ContainingNamespace is { Name: "TorchSharp" or "Modules" };
}
