using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Lanyard.Architecture.Tests;

/// <summary>
/// Finds tensors that a call made, that nobody holds, and that are handed on to another call. TorchSharp gives their address to native
/// code, and a collection in that moment frees them there. What holds one is a <c>using</c>, or a dispose scope that is open around the
/// call. A variable without <c>using</c> holds it up to its last use, and not during that.
/// </summary>
internal sealed class UnheldTensors(SemanticModel model)
{
    private readonly INamedTypeSymbol? _tensor = model.Compilation.GetTypeByMetadataName("TorchSharp.torch+Tensor");

    /// <summary>Each of them, as code, with the member that it is in. A scope may be open around that.</summary>
    public IEnumerable<(SyntaxNode Tensor, ISymbol Member)> Find() =>
        from member in model.SyntaxTree.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>()
        where member is BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or BaseFieldDeclarationSyntax
        let symbol = model.GetDeclaredSymbol(member is BaseFieldDeclarationSyntax field ? field.Declaration.Variables[0] : member)!
        from node in member.DescendantNodes().OfType<ExpressionSyntax>()
        where model.GetOperation(node) is { } operation && operation.Syntax == node && IsTensor(operation.Type) && IsHandedOn(operation) && IsUnheld(operation) && !DisposeScopes.IsOpenAt(node)
        select ((SyntaxNode)node, symbol);

    private bool IsUnheld(IOperation value) => value switch
    {
        // What a variable has of an array goes with it.
        IArrayElementReferenceOperation { ArrayReference: ILocalReferenceOperation array } => IsLastUse(array),
        ILocalReferenceOperation local => IsLastUse(local),

        // What stands in it is found by itself.
        IConversionOperation { OperatorMethod: null } or IConditionalOperation or ICoalesceOperation => false,
        _ => IsMade(value),
    };

    private static bool IsMade(IOperation value) => value switch
    {
        IInvocationOperation call => !ReturnsItself(call) && IsOfMaker(call.TargetMethod),
        IPropertyReferenceOperation { Property: { IsIndexer: true } or { Name: "T" or "H" or "mT" or "mH" } } part => IsOfLibrary(part.Property),
        IBinaryOperation { OperatorMethod: not null } or IUnaryOperation { OperatorMethod: not null } or IConversionOperation { OperatorMethod: not null } or IObjectCreationOperation => true,
        IConversionOperation conversion => IsMade(conversion.Operand),
        IConditionalOperation choice => IsMade(choice.WhenTrue) || (choice.WhenFalse is { } other && IsMade(other)),
        ICoalesceOperation choice => IsMade(choice.Value) || IsMade(choice.WhenNull),
        _ => false,
    };

    // A static method of ours makes what it returns, and leaves what it is given; of any other the object has both.
    private static bool IsOfMaker(IMethodSymbol method) => IsOfLibrary(method) || method.IsStatic || method.MethodKind == MethodKind.LocalFunction;

    private static bool ReturnsItself(IInvocationOperation call) =>
        call.Instance is { } instance && IsOfLibrary(call.TargetMethod) && !IsMade(instance)
        && (call.TargetMethod.Name.EndsWith('_') || call.TargetMethod.Name.EndsWith("DisposeScope", StringComparison.Ordinal));

    private bool IsLastUse(ILocalReferenceOperation use)
    {
        if (use.IsDeclaration || use.Local.IsUsing || use.Local.DeclaringSyntaxReferences is not [var reference]) return false;
        var declaration = reference.GetSyntax();
        if (declaration.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: { } owner }) return false;
        var names = owner.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == use.Local.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, use.Local)).ToList();
        var values = names.Select(static name => name.Parent is AssignmentExpressionSyntax assignment && assignment.Left == name ? assignment.Right : null).Append((declaration as VariableDeclaratorSyntax)?.Initializer?.Value);
        return values.OfType<ExpressionSyntax>().Any(value => model.GetOperation(value) is { } made && (made.Type is IArrayTypeSymbol || IsMade(made)))
            && !names.Exists(name => name.SpanStart > use.Syntax.SpanStart || (name.Parent is UsingStatementSyntax held && held.Contains(use.Syntax)));
    }

    private static bool IsHandedOn(IOperation value)
    {
        for (var (child, parent) = (value, value.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            switch (parent)
            {
                case IConditionalOperation condition when condition.Condition != child:
                case IConversionOperation { OperatorMethod: null } or ICoalesceOperation or ICollectionExpressionOperation or ISpreadOperation or IArrayCreationOperation or IArrayInitializerOperation or ISwitchExpressionOperation or ISwitchExpressionArmOperation:
                    continue;
                case IArgumentOperation { Parent: IInvocationOperation call }: return Takes(call.TargetMethod);
                case IArgumentOperation { Parent: IObjectCreationOperation made }: return IsOfLibrary(made.Constructor!);
                case IInvocationOperation call: return call.Instance == child && Takes(call.TargetMethod);
                case IArgumentOperation or IBinaryOperation { OperatorMethod: not null } or IUnaryOperation { OperatorMethod: not null } or IConversionOperation: return true;
                case IPropertyReferenceOperation property: return property.Instance == child;
                case IConditionalAccessOperation access: return access.Operation == child;
                default: return false;
            }
        }
        return false;
    }

    // Numbers hold what they are given meanwhile. What frees a tensor or gives it to a scope calls nothing that reads it.
    private static bool Takes(IMethodSymbol method) =>
        (IsOfLibrary(method) || (method.IsStatic && method.DeclaringSyntaxReferences.Length > 0)) && method.ContainingType.Name != "Numbers"
        && method.Name != "Dispose" && !method.Name.EndsWith("DisposeScope", StringComparison.Ordinal);

    private static bool IsOfLibrary(ISymbol symbol) => symbol.ContainingAssembly?.Name == "TorchSharp";

    private bool IsTensor(ITypeSymbol? type) => type is not null && (SymbolEqualityComparer.Default.Equals(type, _tensor) || IsTensor(type.BaseType));
}
