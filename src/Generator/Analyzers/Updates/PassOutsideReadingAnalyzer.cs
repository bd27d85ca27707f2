using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Generator.Analyzers.Updates;

/// <summary>A model is run within a reading: else a refit that is committed meanwhile gives a pass of two versions.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PassOutsideReadingAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0054";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A model is run within a reading",
        "{0} runs outside of a reading: with a refit that is committed meanwhile the pass would be of two versions of the weights. Call Run instead, of an ICausalLM Logits, or hold \"using var reading = model.Read();\" for the pass, or for the whole answer.",
        "Lanyard",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id));

    /// <inheritdoc/>
    protected override void Register(AuthoredCode context) => context.RegisterOperationAction(
        static context =>
        {
            var call = (IInvocationOperation)context.Operation;
            if (call.TargetMethod.Name is not ("call" or "forward") || Operation.IsNamed(call)) return;
            if (Operation.Bare(call.Instance) is not { Type: { } type } model || !IsModel(type)) return;

            // Whoever calls a module has the reading.
            if (context.ContainingSymbol.ContainingType is { } container && KnownTypes.BasesOf(container).Any(IsTorchModule)) return;
            if (!IsRead(call, Root(model))) context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Name(call.Syntax), $"{type.Name}.{call.TargetMethod.Name}"));
        },
        OperationKind.Invocation);

    private static bool IsModel(ITypeSymbol type) => Annotated.IsModule(type)
        || (type is ITypeParameterSymbol parameter ? parameter.ConstraintTypes.Any(IsModel) : IsOurs(type) || type.AllInterfaces.Any(IsOurs));

    private static bool IsOurs(ITypeSymbol type) => (type as INamedTypeSymbol).IsAttribute("IParameterModule");

    private static bool IsTorchModule(INamedTypeSymbol type) => type is { Name: "Module", ContainingType.Name: "nn" };

    /// <summary>Whether a reading was begun before, in the same method or around it.</summary>
    private static bool IsRead(IOperation call, ISymbol? model)
    {
        for (var (inner, outer) = (call, call.Parent); outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            var before = outer switch
            {
                IUsingOperation reading when reading.Body == inner => [reading.Resources],

                // What a block or a using statement within this one has begun has ended with it.
                IBlockOperation block => block.Operations.TakeWhile(operation => operation != inner).Where(operation => operation is IUsingDeclarationOperation or IVariableDeclarationGroupOperation or IExpressionStatementOperation),
                _ => [],
            };
            if (before.Any(operation => Begins(operation, model))) return true;
        }
        return false;
    }

    private static bool Begins(IOperation operation, ISymbol? model) => operation.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call =>
        call.TargetMethod.Name == "Read" && call.TargetMethod.ContainingType.IsAttribute("ReadingExtensions")
        && Operation.FunctionOf(call) == Operation.FunctionOf(operation)
        && (model is null || Root(Operation.Receiver(call)) is not { } read || SymbolEqualityComparer.Default.Equals(read, model)));

    /// <summary>What an expression such as <c>model.Layers[0]</c> begins with; null where that is no name.</summary>
    private static ISymbol? Root(IOperation? operation)
    {
        while (true)
        {
            switch (Operation.Bare(operation))
            {
                case ILocalReferenceOperation local:
                    return local.Local;
                case IParameterReferenceOperation parameter:
                    return parameter.Parameter;
                case IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation } member:
                    return member.Member;
                case IMemberReferenceOperation member:
                    operation = member.Instance;
                    break;
                default:
                    return null;
            }
        }
    }
}
