using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>What is computed from weights and kept is made by a post-load method, which runs again when they change.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeptResultAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0053";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "What is computed from weights is kept by a post-load method",
        "\"{0}\" keeps what was computed from \"{1}\", and nothing computes it again when a load or a refit brings other weights. Assign it in a method with [PostLoad], or compute it where it is used.",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    // What no refit changes.
    private static readonly HashSet<string> Fixed = ["shape", "dtype", "device", "device_type", "device_index", "ndim", "dim", "size", "numel", "NumberOfElements", "ElementSize", "element_size", "stride", "is_cpu", "is_cuda", "requires_grad", "grad", "IsInvalid", "GetType"];

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => MemberGraph.Register(
        context,
        static (start, graph) => start.RegisterOperationAction(
            context =>
            {
                var assignment = (IAssignmentOperation)context.Operation;
                if (Kept(assignment.Target) is not { } kept || Source(assignment.Value, 2) is not { } parameter) return;
                graph.Found(context, () => Diagnostic.Create(Rule, Locate.Name(assignment.Target.Syntax), kept.Name, parameter.Name));
            },
            OperationKind.SimpleAssignment,
            OperationKind.CoalesceAssignment,
            OperationKind.CompoundAssignment),
        static (graph, member) => !graph.RunsInConstructors(member) && !graph.RunsAfterLoads(member));

    /// <summary>The field, or the property that is one, of the class itself; tensors in it are for another rule.</summary>
    private static ISymbol? Kept(IOperation target) => Operation.Bare(target) switch
    {
        IFieldReferenceOperation { Field: var field } when !HasTensor(field.Type) => field,
        IPropertyReferenceOperation { Property: { SetMethod: not null } property } when !Annotated.IsParameter(property) && !HasTensor(property.Type) => property,
        IArrayElementReferenceOperation element => Kept(element.ArrayReference),
        _ => null,
    };

    private static bool HasTensor(ITypeSymbol type) => KnownTypes.BasesOf(type).Any(KnownTypes.IsTensor);

    /// <summary>The parameter whose elements a value was computed from, also by a local.</summary>
    private static IPropertySymbol? Source(IOperation value, int depth)
    {
        foreach (var operation in value.DescendantsAndSelf())
        {
            if (Operation.FunctionOf(operation) != Operation.FunctionOf(value) || Operation.IsNamed(operation)) continue;
            if (operation is IPropertyReferenceOperation { Property: var property } && Annotated.IsParameter(property) && !IsOfFixed(operation)) return property;
            if (depth == 0 || operation is not ILocalReferenceOperation { Local: var local } || IsOfFixed(operation)) continue;
            var made = Operation.RootOf(operation).DescendantsAndSelf().OfType<IVariableDeclaratorOperation>().FirstOrDefault(declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, local));
            if (made?.GetVariableInitializer()?.Value is { } initial && Source(initial, depth - 1) is { } found) return found;
        }
        return null;
    }

    private static bool IsOfFixed(IOperation tensor)
    {
        var outer = tensor.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation) outer = outer.Parent;
        return outer switch
        {
            IPropertyReferenceOperation member => Fixed.Contains(member.Property.Name),
            IInvocationOperation call => Fixed.Contains(call.TargetMethod.Name),
            IIsPatternOperation or IIsTypeOperation => true,
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, OperatorMethod: null } => true,
            _ => false,
        };
    }
}
